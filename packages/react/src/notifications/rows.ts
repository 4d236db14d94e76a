import type { NotificationItem } from '../hooks/notification-item.ts';
import type { DayGroup } from './days.ts';

/** A line of the list: the heading of a day, or an item. */
export interface Row {
  key: string;
  /** Its height until it has been measured. */
  estimate: number;
}

const HEADING_PX = 34;
const ITEM_PX = 88;

export function rowsOf(groups: readonly DayGroup<NotificationItem>[]): Row[] {
  return groups.flatMap(({ day, items }) => [
    { key: `day-${day}`, estimate: HEADING_PX },
    ...items.map(({ id }) => ({ key: id, estimate: ITEM_PX })),
  ]);
}

/** Where each row begins, and at last where they end. */
export function offsetsOf(rows: readonly Row[], heights: ReadonlyMap<string, number>): Float64Array {
  const offsets = new Float64Array(rows.length + 1);
  rows.forEach(({ key, estimate }, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + (heights.get(key) ?? estimate);
  });
  return offsets;
}

/** The first row that ends below `y`; rows are few enough to be looked for by halving. */
export function rowAt(offsets: Float64Array, y: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle + 1] ?? Number.POSITIVE_INFINITY) > y) high = middle;
    else low = middle + 1;
  }
  return low;
}
