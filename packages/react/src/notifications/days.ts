import type { Notification } from '@belfry/client';
import { dayOf } from '../time/clock.ts';

export interface DayGroup<Item extends Notification = Notification> {
  /** Its midnight. */
  day: number;
  items: Item[];
}

/** Items of one day side by side, in the order they came in. */
export function byDay<Item extends Notification>(items: readonly Item[]): DayGroup<Item>[] {
  const groups: DayGroup<Item>[] = [];
  let isOfDay = (_: string): boolean => false;
  for (const item of items) {
    if (!isOfDay(item.createdAt)) {
      const day = dayOf(item.createdAt);
      groups.push({ day, items: [] });
      isOfDay = within(day);
    }
    groups.at(-1)?.items.push(item);
  }
  return groups;
}

/** Times are all written alike, so they compare as text: a thousand times cheaper than making dates of thousands. */
function within(day: number): (time: string) => boolean {
  const from = new Date(day).toISOString();
  const to = new Date(new Date(day).setDate(new Date(day).getDate() + 1)).toISOString();
  return (time) => time >= from && time < to;
}
