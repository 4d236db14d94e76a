'use client';
import { type BelfryOptions, createClient, inboxOf } from '@belfry/client';
import type { ReactNode } from 'react';
import type { InboxClient } from './context.ts';
import { Provided, type ProvidedProps } from './provided.tsx';
import { useClient } from './use-client.ts';

export type InboxProviderProps = ProvidedProps & BelfryOptions;

/**
 * `<BelfryProvider>` for pages that show the inbox and nothing else: what questions and runs need is not loaded. Below it
 * are `<Inbox/>`, `<Bell/>`, `<Notifications/>`, `useNotifications` and `useConnectionStatus`.
 */
export function InboxProvider({ children, appearance, localization, ...options }: InboxProviderProps): ReactNode {
  const client = useClient(createInboxClient, undefined, options);
  return <Provided {...{ children, appearance, localization, client }} />;
}

function createInboxClient(options: BelfryOptions): InboxClient {
  const client = createClient(options);
  return Object.assign(client, { inbox: inboxOf(client) });
}
