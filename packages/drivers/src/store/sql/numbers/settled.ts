export type Order = 'asc' | 'desc';

/** The first numbers of something, in order, each once. */
export interface Known {
  readonly numbers: readonly number[];
  /** Whether there are no others. */
  readonly isAll: boolean;
}

/**
 * The first numbers of several parts together, at most `limit`: as far as every part is known. Past the last number of
 * a part that has more, one of its own might come first.
 */
export function settled(parts: readonly Known[], order: Order, limit: number): Known {
  const isBefore = BEFORE[order];
  const ends = parts.filter(({ isAll }) => !isAll).map(({ numbers }) => numbers.at(-1) ?? FIRST[order]);
  const end = ends.length === 0 ? null : ends.reduce((one, other) => (isBefore(one, other) ? one : other));
  const all = merged(
    parts.map(({ numbers }) => numbers),
    order,
  );
  const known = end === null ? all : all.filter((n) => !isBefore(end, n));
  return { numbers: known.slice(0, limit), isAll: end === null && known.length <= limit };
}

const FIRST: Record<Order, number> = { asc: Number.NEGATIVE_INFINITY, desc: Number.POSITIVE_INFINITY };

export const BEFORE: Record<Order, (one: number, other: number) => boolean> = {
  asc: (one, other) => one < other,
  desc: (one, other) => one > other,
};

/** Lists that are in order as one, pair by pair: fifty of them take six rounds, and sorting them anew several times that. */
export function merged(lists: readonly (readonly number[])[], order: Order): readonly number[] {
  let left = lists;
  while (left.length > 1) {
    const pairs: (readonly number[])[] = [];
    for (let at = 0; at < left.length; at += 2) pairs.push(mergedPair(left[at] ?? [], left[at + 1] ?? [], order));
    left = pairs;
  }
  return left[0] ?? [];
}

function mergedPair(one: readonly number[], other: readonly number[], order: Order): readonly number[] {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  const isBefore = BEFORE[order];
  const both: number[] = [];
  for (let i = 0, j = 0; i < one.length || j < other.length; ) {
    const [a, b] = [one[i], other[j]];
    if (b === undefined || (a !== undefined && !isBefore(b, a))) {
      both.push(a as number);
      i += 1;
      if (a === b) j += 1;
    } else {
      both.push(b);
      j += 1;
    }
  }
  return both;
}
