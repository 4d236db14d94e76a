import type { Notification } from '@belfry/client';
import { dayOf } from '../time/clock.ts';

export interface DayGroup<Item extends Notification = Notification> {
  /** Its midnight. */
  day: number;
  items: Item[];
}

/** Later than any time, as text. */
const NEVER = '~';

/**
 * Items of one day side by side, in the order they came in, the newest first. One that is dated later than the day
 * before it in the list stays with that day: no day comes twice.
 */
export function byDay<Item extends Notification>(items: readonly Item[]): DayGroup<Item>[] {
  const groups: DayGroup<Item>[] = [];
  let from = NEVER;
  for (const item of items) {
    // Times are all written alike, so they compare as text: a thousand times cheaper than making dates of thousands.
    if (item.createdAt < from) {
      const day = dayOf(item.createdAt);
      groups.push({ day, items: [] });
      from = new Date(day).toISOString();
    }
    groups.at(-1)?.items.push(item);
  }
  return groups;
}
