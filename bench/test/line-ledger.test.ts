import { expect, it } from 'vitest';
import { LineLedger } from '../src/generator/line-ledger.ts';

const BATCH = 3;

function ledgerWith(followers: number, batches: number): LineLedger {
  const ledger = new LineLedger(followers, BATCH);
  for (let batch = 0; batch < batches; batch += 1) ledger.open(batch);
  return ledger;
}

function receive(ledger: LineLedger, follower: number, lines: readonly number[], now = 10): void {
  for (const line of lines) ledger.receive(follower, line, now);
}

it('numbers the lines of all batches in one row', () => {
  const ledger = new LineLedger(1, BATCH);
  expect([...ledger.open(0), ...ledger.open(1)]).toEqual([1, 2, 3, 4, 5, 6]);
});

it('finds nothing wrong where each follower has every line, once and in order', () => {
  const ledger = ledgerWith(2, 2);
  for (const follower of [0, 1]) receive(ledger, follower, [1, 2, 3, 4, 5, 6]);
  expect([ledger.missing, ledger.doubled, ledger.received]).toEqual([0, 0, 12]);
});

it('counts what has not come, at the end and in between', () => {
  const ledger = ledgerWith(2, 2);
  receive(ledger, 0, [1, 2, 4, 5]);
  receive(ledger, 1, [1, 2, 3, 4, 5, 6]);
  expect(ledger.missing).toBe(2);
});

it('counts what comes twice, and what comes late, as wrong', () => {
  const ledger = ledgerWith(1, 2);
  receive(ledger, 0, [1, 2, 2, 4, 3, 5, 6]);
  expect([ledger.doubled, ledger.missing]).toEqual([2, 1]);
});

it('takes the time of a batch when its last line has come, from when it was due', () => {
  const ledger = ledgerWith(1, 2);
  receive(ledger, 0, [1, 2, 3], 5);
  receive(ledger, 0, [4, 5], 7);
  expect(ledger.times.count).toBe(1);
  expect(ledger.times.max).toBe(5_000);
});
