import type { Action } from '@belfry/client';
import type { MouseEvent, ReactNode } from 'react';
import type { NotificationItem } from '../hooks/notification-item.ts';

/** What an app says about single notifications. */
export interface ItemOptions {
  /** What to show in place of a notification's picture, text and buttons. The frame around it stays ours. */
  renderNotification?: ((notification: NotificationItem) => ReactNode) | undefined;
  /**
   * Called when a notification is clicked, before it is marked as read and its `actionUrl` is followed;
   * `event.preventDefault()` keeps it from being followed.
   */
  onNotificationClick?: ((notification: NotificationItem, event: MouseEvent) => void) | undefined;
  /** Called when one of its actions is clicked. One with a `url` is a link; `event.preventDefault()` keeps it from being followed. */
  onActionClick?: ((notification: NotificationItem, action: Action, event: MouseEvent) => void) | undefined;
  /** Follows paths of your own site without loading a page, as `router.push` does. */
  routerPush?: ((path: string) => void) | undefined;
}

/** What the list lets its items do. */
export interface ItemActs {
  toggleRead: (item: NotificationItem) => void;
  toggleArchived: (item: NotificationItem) => void;
  markRead: (item: NotificationItem) => void;
  /** A link of this page has been followed without leaving it. */
  left: () => void;
}
