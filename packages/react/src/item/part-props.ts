import type { NotificationItem } from '../hooks/notification-item.ts';
import type { ItemActs, ItemOptions } from './options.ts';

/** What each part of an item gets. */
export interface PartProps {
  item: NotificationItem;
  options: ItemOptions;
  acts: ItemActs;
  tabIndex: number;
}
