import type { Notification } from '@belfry/client';
import { dayOf } from '../time/clock.ts';
import { firstWhere } from './halving.ts';

export interface DayGroup<Item extends Notification = Notification> {
  /** Its midnight. */
  day: number;
  items: Item[];
}

/**
 * Items of one day side by side, in the order they came in, the newest first. Where a day ends is looked for by halving:
 * what is dated out of order stays with those around it, and no day comes twice.
 */
export function byDay<Item extends Notification>(items: readonly Item[]): DayGroup<Item>[] {
  const groups: DayGroup<Item>[] = [];
  for (let start = 0; start < items.length; ) {
    const day = dayOf(items[start]!.createdAt);
    const from = new Date(day).toISOString();
    // Times are all written alike, so they compare as text.
    const end = firstWhere(start + 1, items.length, (index) => items[index]!.createdAt < from);
    groups.push({ day, items: items.slice(start, end) });
    start = end;
  }
  return groups;
}
