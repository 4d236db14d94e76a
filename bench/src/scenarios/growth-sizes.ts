import type { Figures } from '../figures.ts';
import type { Metric } from './scenario.ts';

/** Each time four times as much: what is asked of every part is how it grows. */
export const SIZES = [1, 4, 16] as const;

/**
 * What n log n comes to as a power of n, between the sizes that are used here. A cost that grows as n has order 1, one
 * that does not grow has order 0.
 */
export const N_LOG_N = 1.15;

export function keyAt(what: string, size: number): string {
  return `${what}At${size}`;
}

/** A row for each size, and one for the order. */
export function growthMetrics(what: string, label: string, of: (size: number) => string, digits: number): Metric[] {
  const rows = SIZES.map((size): Metric => {
    return { key: keyAt(what, size), label: `${label}, ${of(size)}`, digits, better: 'lower' };
  });
  return [...rows, { key: `${what}Order`, label: `${label}: order`, digits: 2, better: 'lower' }];
}

/** The order of what was measured at each size. */
export function orderIn(figures: Figures, what: string): Figures {
  const points = SIZES.map((size) => [size, figures[keyAt(what, size)] ?? Number.NaN] as const);
  return { [`${what}Order`]: orderOf(points) };
}

type Point = readonly [x: number, y: number];

/**
 * The power of x by which y grows, on the whole or in the last step, whichever is more: what does not grow is most of a
 * small cost, and would hide what does.
 */
export function orderOf(points: readonly Point[]): number {
  return Math.max(slopeOf(points), slopeOf(points.slice(-2)));
}

/** Of the straight line that fits best on logarithmic axes. */
function slopeOf(points: readonly Point[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (at: 0 | 1) => logs.reduce((sum, point) => sum + point[at], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const along = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return along / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
