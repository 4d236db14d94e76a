'use client';
import type { Belfry } from '@belfry/client';
import { useContext } from 'react';
import { ClientContext } from './context.ts';

/** The client of the nearest `<BelfryProvider>`, for everything that has no hook of its own: `client.on(type, …)`, say. */
export function useBelfry(): Belfry {
  const client = useContext(ClientContext);
  if (client === null) {
    throw new Error('There is no <BelfryProvider> around this component. Put one near the root of your app.');
  }
  return client;
}
