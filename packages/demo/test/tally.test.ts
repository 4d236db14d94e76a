import { describe, expect, test } from 'vitest';
import { caughtUpSince } from '../page/lanes/outage.ts';
import { firstProgress, progressed } from '../page/lanes/progress.ts';
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

const live = progressed(firstProgress(0), true, 0);
/** Cut off before any of the messages went out. */
const away = progressed(live, false, 9_000);

describe('the count of a lane', () => {
  test('what was acknowledged and has not come is lost once the lane has caught up', () => {
    const counts = tally([message(1), message(2), message(3)], 'belfry', received(1, 3), live, NOW);
    expect(counts).toEqual({ sent: 3, received: 2, waiting: 0, lost: 1, doubled: 0, disordered: 0 });
  });

  test('while a lane is away, what it misses is waiting and not lost', () => {
    const counts = tally([message(1), message(2)], 'byHand', received(1), away, NOW);
    expect(counts).toMatchObject({ received: 1, waiting: 1, lost: 0 });
  });

  test('a lane that is just back, and a message just sent, have a moment', () => {
    const back = progressed(away, true, NOW - 10);
    expect(tally([message(1)], 'belfry', received(), back, NOW)).toMatchObject({ waiting: 1, lost: 0 });
    expect(tally([message(1, 5, NOW - 10)], 'belfry', received(), live, NOW)).toMatchObject({ waiting: 1, lost: 0 });
  });

  test('what was not acknowledged does not count, unless it came all the same', () => {
    const counts = tally([message(1, null), message(2, null)], 'belfry', received(2), live, NOW);
    expect(counts).toEqual({ sent: 1, received: 1, waiting: 0, lost: 0, doubled: 0, disordered: 0 });
  });

  test('what came twice is received once and doubled once', () => {
    const counts = tally([message(1)], 'belfry', received(1, 1), live, NOW);
    expect(counts).toMatchObject({ received: 1, doubled: 1 });
  });

  test('a state that holds what came before doubles nothing', () => {
    const receipts = received(1);
    receipts.noteHeld([1, 2]);
    expect(tally([message(1), message(2)], 'belfry', receipts, live, NOW)).toMatchObject({ received: 2, doubled: 0 });
  });

  test('what is lost stays lost while the lane is away again; only what was sent since can wait', () => {
    const back = progressed(away, true, 20_000);
    const lost = tally([message(1)], 'byHand', received(), back, 30_000);
    expect(lost).toMatchObject({ lost: 1, waiting: 0 });
    const awayAgain = progressed(back, false, 40_000);
    const messages = [message(1), message(2, 5, 45_000)];
    expect(tally(messages, 'byHand', received(), awayAgain, NOW)).toMatchObject({ lost: 1, waiting: 1 });
    expect(tally(messages, 'byHand', received(1), awayAgain, NOW)).toMatchObject({ received: 1, lost: 0, waiting: 1 });
  });

  test('a connection too short for anything to come settles nothing', () => {
    const blink = progressed(progressed(away, true, 20_000), false, 20_500);
    expect(tally([message(1)], 'belfry', received(), blink, NOW)).toMatchObject({ lost: 0, waiting: 1 });
  });

  test('what comes after a later number is out of order, live or in a state', () => {
    const all = [1, 2, 3].map((seq) => message(seq));
    expect(tally(all, 'belfry', received(1, 3, 2), live, NOW)).toMatchObject({ received: 3, disordered: 1 });
    const held = new Receipts();
    held.noteHeld([2, 1, 3]);
    expect(tally(all, 'belfry', held, live, NOW)).toMatchObject({ received: 3, disordered: 1 });
    expect(tally(all, 'belfry', received(1, 2, 3), live, NOW)).toMatchObject({ disordered: 0 });
  });
});

describe('what an outage cost in time', () => {
  test('is all that was sent before it was over and came only then, also after the stream went on', () => {
    const receipts = new Receipts();
    receipts.note(1, 900);
    receipts.note(2, 2_010);
    receipts.note(3, 2_400);
    receipts.note(4, 2_500);
    const messages = [message(1, 5, 895), message(2, 5, 999), message(3, 5, 1_500), message(4, 5, 2_450)];
    expect(caughtUpSince({ from: 1_000, until: 2_000 }, messages, receipts)).toBe(2);
  });
});
