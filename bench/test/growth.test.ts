import { expect, it } from 'vitest';
import { N_LOG_N, orderOf } from '../src/scenarios/growth-sizes.ts';

const sizes = [250, 1_000, 4_000];
const orderBy = (cost: (n: number) => number) => orderOf(sizes.map((n) => [n, cost(n)] as const));

it('finds the power by which a cost grows', () => {
  expect(orderBy((n) => 7 * n)).toBeCloseTo(1);
  expect(orderBy((n) => 0.1 * n ** 2)).toBeCloseTo(2);
  expect(orderBy(() => 42)).toBeCloseTo(0);
});

it('lets n log n pass, and nothing that grows faster', () => {
  expect(orderBy((n) => n * Math.log(n))).toBeLessThanOrEqual(N_LOG_N);
  expect(orderBy((n) => n ** 1.25)).toBeGreaterThan(N_LOG_N);
});

it('is not hidden by what does not grow', () => {
  expect(orderBy((n) => 1_000_000 + n ** 2)).toBeGreaterThan(1.5);
});

it('is no number where one of them was not measured', () => {
  expect(
    orderOf([
      [1, Number.NaN],
      [4, 2],
      [16, 3],
    ]),
  ).toBeNaN();
});
