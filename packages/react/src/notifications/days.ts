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
  for (const item of items) {
    const day = dayOf(item.createdAt);
    const last = groups.at(-1);
    if (last?.day === day) last.items.push(item);
    else groups.push({ day, items: [item] });
  }
  return groups;
}
