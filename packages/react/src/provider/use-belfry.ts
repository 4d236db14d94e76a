'use client';
import type { Belfry } from '@belfry/client';
import { useInboxClient } from './use-inbox-client.ts';

/** The client of the nearest `<BelfryProvider>`, for everything that has no hook of its own: `client.on(type, …)`, say. */
export function useBelfry(): Belfry {
  const client = useInboxClient();
  if (!('questions' in client)) {
    throw new Error('<InboxProvider> has no questions and no runs. Put a <BelfryProvider> in its place.');
  }
  return client as Belfry;
}
