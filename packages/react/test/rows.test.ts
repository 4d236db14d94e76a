import fc from 'fast-check';
import { expect, test } from 'vitest';
import { offsetsOf, rowAt } from '../src/notifications/rows.ts';

test('the row at a height is the first that ends below it, whatever the heights', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 50 }),
      fc.integer({ min: -500, max: 9_000 }),
      (heights, y) => {
        const rows = heights.map((estimate, index) => ({ key: `${index}`, estimate }));
        const offsets = offsetsOf(rows, new Map());
        const expected = heights.findIndex(
          (_, index) => heights.slice(0, index + 1).reduce((sum, one) => sum + one) > y,
        );
        expect(rowAt(offsets, y)).toBe(expected < 0 ? heights.length : expected);
      },
    ),
  );
});

test('a measured height replaces the guess', () => {
  const rows = [
    { key: 'a', estimate: 10 },
    { key: 'b', estimate: 10 },
  ];
  expect([...offsetsOf(rows, new Map([['a', 25]]))]).toEqual([0, 25, 35]);
});
