import { useSyncExternalStore } from 'react';
import { useInboxClient } from '../provider/use-inbox-client.ts';

/** How many are unread over the whole inbox. 1,000 means "or more". */
export function useUnread(): number {
  const { inbox } = useInboxClient();
  return useSyncExternalStore(
    inbox.subscribe,
    () => inbox.getSnapshot().unread,
    () => 0,
  );
}
