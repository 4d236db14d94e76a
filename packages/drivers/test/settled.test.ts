import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Known, type Order, settled } from '../src/store/sql/numbers/settled.ts';

const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 20 });
/** All that a part has, and how many of them are known. */
const part = fc.record({ all: numbers, known: fc.nat(20) });

test('what is settled of several parts are the first of all, as far as each is known', () => {
  fc.assert(fc.property(fc.array(part, { maxLength: 8 }), fc.constantFrom<Order>('asc', 'desc'), fc.nat(30), check));
});

function check(parts: { all: number[]; known: number }[], order: Order, limit: number): void {
  const inOrder = (list: Iterable<number>) => [...list].sort((a, b) => (order === 'asc' ? a - b : b - a));
  const whole = inOrder(new Set(parts.flatMap(({ all }) => all)));
  const known = parts.map(
    ({ all, known }): Known => ({
      numbers: inOrder(all).slice(0, known),
      isAll: known >= all.length,
    }),
  );
  const found = settled(known, order, limit);
  expect(found.numbers).toEqual(whole.slice(0, found.numbers.length));
  expect(found.isAll).toBe(known.every(({ isAll }) => isAll) && whole.length <= limit);
  if (found.isAll) expect(found.numbers).toEqual(whole);
  const certain = whole.filter((n) =>
    known.every((one) => one.isAll || one.numbers.includes(n) || isReached(one, n, order)),
  );
  expect(found.numbers.length).toBe(Math.min(limit, prefixOf(whole, certain)));
}

/** A part is known past this number. */
function isReached({ numbers }: Known, n: number, order: Order): boolean {
  const last = numbers.at(-1);
  return last !== undefined && (order === 'asc' ? last >= n : last <= n);
}

function prefixOf(whole: readonly number[], certain: readonly number[]): number {
  const isCertain = new Set(certain);
  const first = whole.findIndex((n) => !isCertain.has(n));
  return first === -1 ? whole.length : first;
}
