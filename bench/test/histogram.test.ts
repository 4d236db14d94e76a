import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../src/generator/histogram.ts';

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('a histogram', () => {
  it('is exact for small values', () => {
    const histogram = histogramOf(Array.from({ length: 60 }, (_, value) => value));
    expect(histogram.quantile(0.5)).toBe(29);
    expect(histogram.quantile(1)).toBe(59);
  });

  it('gives every quantile to within 2 % of the true one', () => {
    const values = fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (times, share) => {
        const sorted = [...times].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] as number;
        expect(Math.abs(histogramOf(times).quantile(share) - exact)).toBeLessThanOrEqual(exact * 0.02);
      }),
    );
  });

  it('never says more than the longest it has seen', () => {
    const histogram = histogramOf([1_000_001]);
    expect(histogram.quantile(0.99)).toBeLessThanOrEqual(1_000_001);
    expect(histogram.max).toBe(1_000_001);
  });

  it('has no quantile while it is empty', () => {
    expect(new Histogram().quantile(0.5)).toBeNaN();
  });
});
