import type { LogEvent, Store } from '@belfry/core';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LogFollower } from '../src/log-follower.ts';
import { RingBudget } from '../src/recent-entries.ts';

afterEach(() => {
  vi.useRealTimers();
});

const event = (n: number, timeline = 'c'): LogEvent => ({
  tenant: 't',
  n,
  check: `${timeline}${n}`,
  type: 'a',
  time: '',
  to: ['all'],
  data: '0',
});

/** A log of which a store would have the first `head` events, and a follower of it. */
function followed(head: number, oldest = 1) {
  // From `since` on its events are those of another timeline.
  const log = { head, oldest, reads: 0, isAway: false, timeline: 'c', since: Infinity, onRead: () => {} };
  const stored = (n: number) => event(n, n >= log.since ? log.timeline : 'c');
  const read = async (name: string, input: { after: number; upTo: number; limit: number }) => {
    log.reads += 1;
    log.onRead();
    if (log.isAway) throw new Error('away');
    if (name === 'locate')
      return { head: { n: log.head, check: stored(log.head).check }, check: null, oldest: log.oldest };
    const first = Math.max(input.after + 1, log.oldest);
    const last = Math.min(input.upTo, log.head, first + input.limit - 1);
    return { events: Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => stored(first + at)), upTo: last };
  };
  const lots: number[][] = [];
  const got: number[] = [];
  let lost = 0;
  const follower = new LogFollower({
    store: { epoch: 'e', read } as unknown as Store,
    log: 't',
    budget: new RingBudget(1e9),
    onEntries: (entries) => {
      lots.push(entries.map(({ n }) => n));
      got.push(...entries.map(({ n }) => n));
    },
    onLost: () => {
      lost += 1;
    },
  });
  return { log, follower, got, lots, lost: () => lost };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('a follower of a log', () => {
  it('hands on each event once and in order, whatever order, doubles and holes they are announced in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 20 }),
        fc.integer({ min: 1, max: 60 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (head, more, numbers) => {
          vi.useFakeTimers();
          const { log, follower, got } = followed(head);
          const random = () => numbers.next().value as number;
          const announced = range(Math.max(1, head - 3), head + more)
            .flatMap((n) => (random() < 0.3 ? [] : random() < 0.3 ? [n, n] : [n]))
            .map((n) => ({ n, at: n + random() * 12 }))
            .sort((a, b) => a.at - b.at);
          announced.push({ n: head + more, at: 0 });
          const starting = follower.start();
          for (const { n } of announced) {
            log.head = Math.max(log.head, n);
            follower.announce(event(n));
            if (random() < 0.2) await vi.advanceTimersByTimeAsync(random() * 10);
          }
          await starting;
          await vi.advanceTimersByTimeAsync(2_000);
          expect(follower.head).toEqual({ n: head + more, check: `c${head + more}` });
          const last = head + more;
          expect(got).toEqual(range(last - got.length + 1, last));
          expect(last - got.length).toBeGreaterThanOrEqual(head);
          expect(follower.recent.after(last - got.length, 1_000)?.map(({ n }) => n)).toEqual(got);
          expect(vi.getTimerCount()).toBe(0);
          follower.stop();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('hands on together what was announced together, in order, with what waited for it', async () => {
    vi.useFakeTimers();
    const { log, follower, lots } = followed(0);
    await follower.start();
    log.head = 6;
    follower.announce(event(5));
    follower.announceAll([2, 1, 1, 4, 3].map((n) => event(n)));
    follower.announceAll([4, 5].map((n) => event(n)));
    follower.announce(event(6));
    expect(lots).toEqual([[1, 2, 3, 4, 5], [6]]);
    follower.stop();
  });

  it('hands on what came before an event that can not be read, and what comes after it', async () => {
    const { follower, lots } = followed(0);
    await follower.start();
    const unreadable = Object.defineProperty(event(2), 'check', {
      get: () => {
        throw new Error('unreadable');
      },
    });
    expect(() => follower.announceAll([event(1), unreadable])).toThrow('unreadable');
    follower.announce(event(2));
    expect(lots).toEqual([[1], [2]]);
    follower.stop();
  });

  it('waits for a late announcement before it asks the store', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(0);
    await follower.start();
    const reads = log.reads;
    log.head = 3;
    for (const n of [3, 2]) follower.announce(event(n));
    await vi.advanceTimersByTimeAsync(4);
    follower.announce(event(1));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(got).toEqual([1, 2, 3]);
    expect(log.reads).toBe(reads);
  });

  it('reads what no announcement brought', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(0);
    await follower.start();
    log.head = 5_000;
    follower.announce(event(5_000));
    await vi.advanceTimersByTimeAsync(10);
    expect(got).toEqual(range(1, 5_000));
  });

  it('comes to the furthest it has heard of, though it could not keep all of them', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(0);
    await follower.start();
    log.head = 6_000;
    for (let n = 2; n <= 6_000; n += 1) follower.announce(event(n));
    await vi.advanceTimersByTimeAsync(50);
    expect(got).toEqual(range(1, 6_000));
  });

  it('takes in what was announced while it started, however much', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(10);
    const starting = follower.start();
    for (let n = 9; n <= 4_000; n += 1) {
      log.head = Math.max(log.head, n);
      follower.announce(event(n));
    }
    await starting;
    await vi.advanceTimersByTimeAsync(50);
    expect(got.at(-1)).toBe(4_000);
    expect(got).toEqual(range(4_000 - got.length + 1, 4_000));
  });

  it('tries again when the store was away: to start, and to fill a hole', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(0);
    log.isAway = true;
    await expect(follower.start()).rejects.toThrow('away');
    log.isAway = false;
    await follower.start();
    log.isAway = true;
    log.head = 2;
    follower.announce(event(2));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(got).toEqual([]);
    const reads = log.reads;
    expect(reads).toBeLessThan(12);
    log.isAway = false;
    await vi.advanceTimersByTimeAsync(600);
    expect(got).toEqual([1, 2]);
  });

  it('does not hammer a store that does not have yet what was announced', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(0);
    await follower.start();
    const reads = log.reads;
    follower.announce(event(2));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(log.reads - reads).toBeLessThan(15);
    log.head = 2;
    await vi.advanceTimersByTimeAsync(600);
    expect(got).toEqual([1, 2]);
  });

  it('says so when events are gone for good, and goes on after them', async () => {
    vi.useFakeTimers();
    const { log, follower, got, lost } = followed(5);
    await follower.start();
    Object.assign(log, { head: 30, oldest: 20 });
    follower.announce(event(30));
    await vi.advanceTimersByTimeAsync(50);
    expect(lost()).toBe(1);
    expect(got).toEqual(range(20, 30));
    expect(follower.recent.after(18, 100)).toBeNull();
    expect(follower.recent.after(5, 100)).toBeNull();
  });

  it('stopped in the middle of filling hands on nothing more and leaves no timer', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(0);
    await follower.start();
    log.head = 3;
    follower.announce(event(3));
    follower.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(got).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('reads what it was woken for at once, however much waits for a late announcement', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(0);
    await follower.start();
    log.head = 4;
    follower.announce(event(3));
    follower.hint(4);
    await vi.advanceTimersByTimeAsync(0);
    expect(got).toEqual([1, 2, 3, 4]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('reads once for many wake-ups', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(0);
    await follower.start();
    const reads = log.reads;
    log.head = 50;
    for (let n = 1; n <= 50; n += 1) follower.hint(n);
    await vi.advanceTimersByTimeAsync(0);
    expect(got).toEqual(range(1, 50));
    expect(log.reads - reads).toBeLessThanOrEqual(2);
  });

  it('starts anew where the store says that the log ends earlier, or otherwise', async () => {
    for (const head of [
      { n: 4, check: 'c4' },
      { n: 5, check: 'other' },
    ]) {
      const { log, follower, lost } = followed(5);
      await follower.start();
      const then = follower.reached;
      log.head = head.n;
      follower.compare(then, head);
      expect(lost()).toBe(1);
      expect(follower.isFollowing).toBe(false);
      await follower.start();
      expect(follower.head.n).toBe(head.n);
      follower.compare(then, follower.head);
      expect(lost(), 'an answer to a question from before').toBe(1);
    }
  });

  it('takes no event of another log than what it handed on, though the number is the next', async () => {
    vi.useFakeTimers();
    const { log, follower, got, lost } = followed(5);
    await follower.start();
    Object.assign(log, { head: 6, timeline: 'x', since: 4 });
    follower.announce({ ...event(6, 'x'), follows: 'x5' });
    await vi.advanceTimersByTimeAsync(0);
    expect([got, lost()]).toEqual([[], 1]);
    follower.stop();
  });

  it('takes none that it held back either, where what came before it is of another log', async () => {
    vi.useFakeTimers();
    const { log, follower, got, lost } = followed(5);
    await follower.start();
    Object.assign(log, { head: 7, timeline: 'x', since: 6 });
    follower.announce({ ...event(7, 'x'), follows: 'x6' });
    follower.announce({ ...event(6), follows: 'c5' });
    await vi.advanceTimersByTimeAsync(0);
    expect([got, lost()]).toEqual([[6], 1]);
    follower.stop();
  });

  it('goes on where it is the announcement that is of another log', async () => {
    vi.useFakeTimers();
    const { log, follower, got, lost } = followed(5);
    await follower.start();
    follower.announce({ ...event(6, 'x'), follows: 'x5' });
    await vi.advanceTimersByTimeAsync(600);
    follower.compare(follower.reached, { n: 5, check: 'c5' });
    log.head = 6;
    follower.announce({ ...event(6), follows: 'c5' });
    await vi.advanceTimersByTimeAsync(600);
    expect([got, lost()]).toEqual([[6], 0]);
    expect(follower.recent.at(6)?.event.check).toBe('c6');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sees between two pages that the log became another one', async () => {
    vi.useFakeTimers();
    const { log, follower, got, lost } = followed(0);
    await follower.start();
    log.head = 2_500;
    log.onRead = () => Object.assign(log, log.reads > 3 ? { timeline: 'x', since: 900 } : {});
    follower.hint(2_500);
    await vi.advanceTimersByTimeAsync(0);
    expect(lost()).toBe(1);
    expect(got).toEqual(range(1, got.length));
    expect(got.length).toBeLessThan(2_500);
    follower.stop();
  });

  it('gives up what was announced and is in the store no more', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(5);
    await follower.start();
    follower.announce(event(9));
    await vi.advanceTimersByTimeAsync(600);
    const then = follower.reached;
    follower.announce(event(10));
    follower.compare(then, { n: 5, check: 'c5' });
    expect(follower.reached.furthest, 'said since the question').toBe(10);
    follower.compare(follower.reached, { n: 5, check: 'c5' });
    await vi.advanceTimersByTimeAsync(600);
    const { reads } = log;
    await vi.advanceTimersByTimeAsync(5_000);
    expect([log.reads, vi.getTimerCount()]).toEqual([reads, 0]);
    log.head = 6;
    follower.announce(event(6));
    expect(got).toEqual([6]);
  });

  it('doubts no longer when the store has said that all is as it was', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(5);
    await follower.start();
    follower.doubt();
    follower.compare(follower.reached, { n: 5, check: 'c5' });
    const { reads } = log;
    log.head = 6;
    follower.announce(event(6));
    expect([got, log.reads]).toEqual([[6], reads]);
  });

  it('is at peace where the store says what it knows, or less than it has heard since', async () => {
    vi.useFakeTimers();
    const { log, follower, lost, got } = followed(5);
    await follower.start();
    const then = follower.reached;
    log.head = 6;
    follower.announce(event(6));
    const reads = log.reads;
    follower.compare(then, { n: 5, check: 'c5' });
    follower.compare(then, { n: 6, check: 'c6' });
    await vi.advanceTimersByTimeAsync(50);
    expect([lost(), got, log.reads]).toEqual([0, [6], reads]);
    follower.compare(then, { n: 6, check: 'other' });
    expect(lost()).toBe(1);
  });

  it('tries again to start anew when the store is away', async () => {
    vi.useFakeTimers();
    const { log, follower, got } = followed(5);
    await follower.start();
    log.isAway = true;
    follower.compare(follower.reached, { n: 2, check: 'c2' });
    await vi.advanceTimersByTimeAsync(1_200);
    expect(follower.isFollowing).toBe(false);
    Object.assign(log, { isAway: false, head: 2 });
    await vi.advanceTimersByTimeAsync(600);
    expect(follower.head.n).toBe(2);
    log.head = 3;
    follower.announce(event(3));
    expect(got).toEqual([3]);
    follower.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('remembers of a batch of lines what is sent of it, and not its text as well', async () => {
    const { log, follower, got } = followed(0);
    await follower.start();
    log.head = 1;
    const data = JSON.stringify({ lines: [{ n: 1, time: '', level: 'info', text: 'x'.repeat(60_000) }] });
    follower.announce({ ...event(1), run: 'r', type: 'run.log', data });
    expect(got).toEqual([1]);
    expect(follower.recent.at(1)?.event.data).toBe('');
    expect(Buffer.from(follower.recent.at(1)?.frame('all', 'person') ?? []).toString()).toContain(data);
  });

  it('starts once for all who ask at once', async () => {
    const { log, follower } = followed(3);
    await Promise.all([follower.start(), follower.start(), follower.start()]);
    expect(log.reads).toBe(2);
    expect(follower.recent.after(0, 10)?.map(({ n }) => n)).toEqual([1, 2, 3]);
  });
});
