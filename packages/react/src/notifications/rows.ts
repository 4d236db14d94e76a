import type { NotificationItem } from '../hooks/notification-item.ts';
import type { DayGroup } from './days.ts';
import { firstWhere } from './halving.ts';

const DAY = 'day-';
/** Heights until they have been measured. */
const HEADING_PX = 34;
const ITEM_PX = 88;

/** Lines of the list by their keys: headings of days, and items by their ids. */
export function rowsOf(groups: readonly DayGroup<NotificationItem>[]): string[] {
  const rows: string[] = [];
  for (const { day, items } of groups) {
    rows.push(dayKey(day));
    for (const { id } of items) rows.push(id);
  }
  return rows;
}

export function dayKey(day: number): string {
  return DAY + day;
}

/** Where each row begins, and at last where they end. */
export function offsetsOf(rows: readonly string[], heights: ReadonlyMap<string, number>): Float64Array {
  const offsets = new Float64Array(rows.length + 1);
  let end = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const key = rows[index]!;
    end += heights.get(key) ?? (key.startsWith(DAY) ? HEADING_PX : ITEM_PX);
    offsets[index + 1] = end;
  }
  return offsets;
}

/** The first row that ends below `y`. */
export function rowAt(offsets: Float64Array, y: number): number {
  return firstWhere(0, offsets.length - 1, (row) => offsets[row + 1]! > y);
}
