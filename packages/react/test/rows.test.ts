import fc from 'fast-check';
import { expect, test } from 'vitest';
import { offsetsOf, rowAt } from '../src/notifications/rows.ts';

test('the row at a height is the first that ends below it, whatever the heights', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 50 }),
      fc.integer({ min: -500, max: 9_000 }),
      (heights, y) => {
        const offsets = offsetsOf(
          heights.map((_, index) => `${index}`),
          new Map(heights.map((height, index) => [`${index}`, height])),
        );
        const expected = heights.findIndex(
          (_, index) => heights.slice(0, index + 1).reduce((sum, one) => sum + one) > y,
        );
        expect(rowAt(offsets, y)).toBe(expected < 0 ? heights.length : expected);
      },
    ),
  );
});

test('a measured height replaces the guess', () => {
  const [, first, second] = offsetsOf(['a', 'b'], new Map([['a', 25]]));
  expect(first).toBe(25);
  expect(second).toBeGreaterThan(25);
});
