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
/** Of each inbox the list that was asked for last, as it came and as it went. */
const latest = new WeakMap<Inbox, { from: readonly Notification[]; to: NotificationItem[] }>();

/** The same object for the same notification, so that only what changed is rendered anew. */
export function itemsOf(inbox: Inbox, notifications: readonly Notification[]): NotificationItem[] {
  const ofInbox = made.get(inbox) ?? new WeakMap<Notification, NotificationItem>();
  made.set(inbox, ofInbox);
  const { from, to } = latest.get(inbox) ?? { from: [], to: [] };
  // What comes, comes first: of a list of thousands the rest is where it was, counted from the end.
  const ahead = notifications.length - from.length;
  const items = notifications.map((notification, place) => {
    if (notification === from[place - ahead]) return to[place - ahead]!;
    const item = ofInbox.get(notification) ?? withMarks(inbox, notification);
    ofInbox.set(notification, item);
    return item;
  });
  latest.set(inbox, { from: notifications, to: items });
  return items;
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
