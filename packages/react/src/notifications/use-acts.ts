import { useMemo } from 'react';
import type { NotificationItem } from '../hooks/notification-item.ts';
import type { UseNotifications } from '../hooks/use-notifications.ts';
import type { ItemActs } from '../item/options.ts';
import { useInboxClient } from '../provider/use-inbox-client.ts';
import type { Undo } from './use-undo.tsx';

/** What a click does: at once, with a way back where it takes something away, and a word where it did not work. */
export function useActs(tell: Undo['tell'], left: () => void): ItemActs {
  return useMemo(() => {
    const attempt = async (done: Promise<boolean>): Promise<void> => {
      if (!(await done)) tell('failure.mark');
    };
    return {
      left,
      markRead: (item) => {
        if (!item.isRead) void attempt(item.read());
      },
      toggleRead: (item) => void attempt(item.isRead ? item.unread() : item.read()),
      toggleArchived: (item: NotificationItem) => {
        const { isArchived } = item;
        tell(
          isArchived ? 'undo.unarchived' : 'undo.archived',
          () => void attempt(isArchived ? item.archive() : item.unarchive()),
        );
        void attempt(isArchived ? item.unarchive() : item.archive());
      },
    };
  }, [tell, left]);
}

/** Marks all as read. It can be taken back where everything that was unread is known here. */
export function useReadAll(list: UseNotifications, tell: Undo['tell']): () => void {
  const { inbox } = useInboxClient();
  return () => {
    const ids = list.notifications.filter(({ isRead, isArchived }) => !isRead && !isArchived).map(({ id }) => id);
    void list.readAll().then((done) => {
      if (!done) tell('failure.mark');
      else tell('undo.readAll', ids.length === list.unread ? () => void inbox.unread(ids) : undefined);
    });
  };
}
