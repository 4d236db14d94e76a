import { useContext } from 'react';
import { ClientContext, type InboxClient } from './context.ts';

/** The client of the nearest provider, whichever of the two it is. */
export function useInboxClient(): InboxClient {
  const client = useContext(ClientContext);
  if (client === null) {
    throw new Error('There is no <BelfryProvider> around this component. Put one near the root of your app.');
  }
  return client;
}
