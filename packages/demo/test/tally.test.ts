import { describe, expect, test } from 'vitest';
import { Receipts } from '../page/lanes/receipts.ts';
import { tally } from '../page/tally.ts';
import type { SentMessage } from '../src/wire.ts';

const NOW = 100_000;

function message(seq: number, acknowledged: number | null = 5, at = 10_000): SentMessage {
  const content = { to: 'ada', title: 'Hello', body: null, severity: 'info' } as const;
  return { ...content, seq, at, acknowledged: { belfry: acknowledged, byHand: acknowledged } };
}

function received(...seqs: number[]): Receipts {
  const receipts = new Receipts();
  for (const seq of seqs) receipts.note(seq);
  return receipts;
}

const live = { caughtUp: true, since: 0 };
const away = { caughtUp: false, since: 50_000 };

describe('the count of a lane', () => {
  test('what was acknowledged and has not come is lost once the lane has caught up', () => {
    const counts = tally([message(1), message(2), message(3)], 'belfry', received(1, 3), live, NOW);
    expect(counts).toEqual({ sent: 3, received: 2, waiting: 0, lost: 1, doubled: 0 });
  });

  test('while a lane is away, what it misses is waiting and not lost', () => {
    const counts = tally([message(1), message(2)], 'byHand', received(1), away, NOW);
    expect(counts).toMatchObject({ received: 1, waiting: 1, lost: 0 });
  });

  test('a lane that is just back, and a message just sent, have a moment', () => {
    const back = { caughtUp: true, since: NOW - 10 };
    expect(tally([message(1)], 'belfry', received(), back, NOW)).toMatchObject({ waiting: 1, lost: 0 });
    expect(tally([message(1, 5, NOW - 10)], 'belfry', received(), live, NOW)).toMatchObject({ waiting: 1, lost: 0 });
  });

  test('what was not acknowledged does not count, unless it came all the same', () => {
    const counts = tally([message(1, null), message(2, null)], 'belfry', received(2), live, NOW);
    expect(counts).toEqual({ sent: 1, received: 1, waiting: 0, lost: 0, doubled: 0 });
  });

  test('what came twice is received once and doubled once', () => {
    const counts = tally([message(1)], 'belfry', received(1, 1), live, NOW);
    expect(counts).toMatchObject({ received: 1, doubled: 1 });
  });

  test('a state that holds what came before doubles nothing', () => {
    const receipts = received(1);
    receipts.noteHeld(1);
    receipts.noteHeld(2);
    expect(tally([message(1), message(2)], 'belfry', receipts, live, NOW)).toMatchObject({ received: 2, doubled: 0 });
  });
});
