import type { Belfry, Client } from '@belfry/client';
import { createContext } from 'react';

/** What both providers bring. */
export type InboxClient = Client & Pick<Belfry, 'inbox'>;

export const ClientContext = createContext<InboxClient | null>(null);
