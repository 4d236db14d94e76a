import { expect, it } from 'vitest';
import type { Figures, Settings } from '../src/figures.ts';
import { transactionsIn } from '../src/peers/pgbench.ts';
import { goalLines } from '../src/report/goals.ts';
import type { Goal } from '../src/scenarios/goal.ts';
import { postgresSingle } from '../src/scenarios/postgres-single.ts';

/** The rows of a table of goals, without its head. */
function rowsOf(goal: Goal, figures: Record<string, Figures[]>): string[] {
  const scenario = { ...postgresSingle, goals: [goal] };
  const run = { begun: '', command: '', machine: [] };
  const settings = { inFlight: 64 } as Settings;
  const lines = goalLines({ run, scenario, settings, rounds: new Map(Object.entries(figures)), absent: new Map() });
  return lines.slice(2, -1).map((line) => line.replaceAll(/ +/g, ' '));
}

const half: Goal = { peer: 'Mine', key: 'requestsPerSecond', is: 'at least', target: { share: 0.5, of: 'Theirs' } };
const rounds = (...figures: number[]) => figures.map((requestsPerSecond) => ({ requestsPerSecond }));

it('holds the median against a share of the other median, and says which it is', () => {
  const theirs = rounds(900, 1_000, 9_000);
  expect(rowsOf(half, { Mine: rounds(1, 500, 600), Theirs: theirs })).toEqual([
    '| Mine: durable publishes/s, or transactions/s | at least 0.5 × Theirs = 500 | 500 | 1.00 × | reached |',
  ]);
  expect(rowsOf(half, { Mine: rounds(499, 499, 2_000), Theirs: theirs })[0]).toContain('| 0.998 × | **missed** |');
});

it('says that it was not measured where either is missing', () => {
  expect(rowsOf(half, { Mine: rounds(500) })[0]).toContain('| – | – | not measured |');
  expect(rowsOf({ ...half, peer: 'Nobody', target: 5 }, { Mine: rounds(500) })[0]).toContain('not measured');
});

it('takes the least for the best where the goal is a most', () => {
  const most: Goal = { peer: 'Mine', key: 'requestsPerSecond', is: 'at most', target: 12 };
  expect(rowsOf(most, { Mine: rounds(12) })[0]).toContain('| reached |');
  expect(rowsOf(most, { Mine: rounds(13) })[0]).toContain('| **missed** |');
});

it('adds a share of another figure, and names both', () => {
  const plus = { share: 3, of: 'Mine', key: 'answerP50' };
  const sum: Goal = { peer: 'Mine', key: 'p50', is: 'at most', target: { share: 1, of: 'Theirs', plus } };
  const theirs = [{ p50: 2 }];
  expect(rowsOf(sum, { Mine: [{ p50: 3.5, answerP50: 0.5 }], Theirs: theirs })).toEqual([
    '| Mine: sent to received, p50, ms | at most Theirs + 3 × sent to answered, p50, ms = 3.50 | 3.50 | 1.00 × | reached |',
  ]);
  expect(rowsOf(sum, { Mine: [{ p50: 3.51, answerP50: 0.5 }], Theirs: theirs })[0]).toContain('**missed**');
  expect(rowsOf(sum, { Mine: [{ p50: 3.5 }], Theirs: theirs })[0]).toContain('not measured');
});

it('leaves out a goal that is for another number in flight', () => {
  expect(rowsOf({ ...half, inFlight: 1 }, { Mine: rounds(500), Theirs: rounds(900) })).toEqual([]);
});

it('reads what pgbench says, and does not take failed transactions for work', () => {
  const said = (failed: number) =>
    `number of failed transactions: ${failed} (0.000%)\ntps = 17876.250123 (without initial connection time)\n`;
  expect(transactionsIn(said(0))).toBeCloseTo(17_876.25);
  expect(() => transactionsIn(said(2))).toThrow('pgbench did not do its work');
  expect(() => transactionsIn('pgbench: error: connection refused')).toThrow('connection refused');
});
