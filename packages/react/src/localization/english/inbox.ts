/** What the bell and the list of notifications say. */
export const inboxWords = {
  'bell.label': {
    zero: 'Notifications',
    one: 'Notifications, {count} unread',
    other: 'Notifications, {count} unread',
  },
};
