import type { Inbox, Notification } from '@belfry/client';

/** A notification with what can be done with it. Each answers whether the server took it, and shows at once. */
export interface NotificationItem extends Notification {
  readonly isRead: boolean;
  readonly isSeen: boolean;
  readonly isArchived: boolean;
  read: () => Promise<boolean>;
  unread: () => Promise<boolean>;
  seen: () => Promise<boolean>;
  archive: () => Promise<boolean>;
  unarchive: () => Promise<boolean>;
}

const made = new WeakMap<Inbox, WeakMap<Notification, NotificationItem>>();

/** The same object for the same notification, so that only what changed is rendered anew. */
export function itemsOf(inbox: Inbox, notifications: readonly Notification[]): NotificationItem[] {
  const ofInbox = made.get(inbox) ?? new WeakMap<Notification, NotificationItem>();
  made.set(inbox, ofInbox);
  return notifications.map((notification) => {
    const known = ofInbox.get(notification);
    if (known !== undefined) return known;
    const item = withMarks(inbox, notification);
    ofInbox.set(notification, item);
    return item;
  });
}

function withMarks(inbox: Inbox, notification: Notification): NotificationItem {
  const { id, readAt, seenAt, archivedAt } = notification;
  return {
    ...notification,
    isRead: readAt !== null,
    isSeen: seenAt !== null,
    isArchived: archivedAt !== null,
    read: () => inbox.read(id),
    unread: () => inbox.unread(id),
    seen: () => inbox.seen(id),
    archive: () => inbox.archive(id),
    unarchive: () => inbox.unarchive(id),
  };
}
