import type { LogEvent, Store } from '@belfry/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogEntry } from '../src/log-entry.ts';
import { LogReader } from '../src/log-reader.ts';
import { Recall } from '../src/recall.ts';
import { RecentEntries, RING_BYTES, RING_EVENTS, RingBudget } from '../src/recent-entries.ts';
import { openStore, TestHub, type TestStore } from './support/hub.ts';

const event = (n: number, bytes = 10): LogEvent => ({
  ...{ tenant: 't', n, check: `c${n}`, type: 'a', time: '', to: ['all'] },
  data: 'x'.repeat(bytes),
});
const entry = (n: number, bytes = 10) => new LogEntry('e', event(n, bytes));
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);

/** Memory that begins with the event of this number, and a log that has `kept` and all after it. */
function remembered(oldest: number, { kept = 1, bytes = 10, limit = Number.POSITIVE_INFINITY } = {}) {
  const budget = new RingBudget(limit);
  const recent = new RecentEntries(budget);
  for (const n of range(oldest, oldest + 9)) recent.push(entry(n, bytes));
  const log = { pages: 0, isAway: false, onRead: () => {} };
  const clock = { now: 0 };
  const pageBefore = async ({ n }: { n: number }) => {
    log.pages += 1;
    if (log.isAway) throw new Error('away');
    const page = range(Math.max(kept, n - 100), n - 1).map((each) => event(each, bytes));
    await Promise.resolve();
    log.onRead();
    return page;
  };
  const options = { recent, reader: { pageBefore }, entryOf: (one: LogEvent) => new LogEntry('e', one) };
  const recall = new Recall({ ...options, now: () => clock.now });
  /** Of so many who ask at once: how many are answered from memory. */
  const ask = async (n: number, count: number) => {
    const answers = range(1, count).map(() => recall.ask(n));
    await Promise.all(answers);
    return answers.filter((answer) => answer !== null).length;
  };
  return { budget, recent, recall, log, clock, ask };
}

describe('memory that is let reach further back', () => {
  it('leaves a few to look for themselves, and then reads once for all', async () => {
    const { recent, log, ask } = remembered(351);
    expect(await ask(5, 3)).toBe(0);
    expect([log.pages, recent.oldest?.n]).toEqual([0, 351]);
    expect(await ask(5, 100)).toBe(100);
    // 350 events by a hundred.
    expect([log.pages, recent.oldest?.n]).toEqual([4, 1]);
    expect(recent.after(0, 1_000)?.map(({ n }) => n)).toEqual(range(1, 360));
  });

  it('does not begin for a few in each second, however many they become', async () => {
    const { log, clock, ask } = remembered(351);
    for (clock.now = 0; clock.now < 60_000; clock.now += 1_000) expect(await ask(5, 3)).toBe(0);
    expect(log.pages).toBe(0);
  });

  it('holds no more than its bounds, and takes nothing from the memory of others', async () => {
    const many = remembered(10_001);
    await many.ask(9_000, 10);
    expect(many.recent.after(10_010 - RING_EVENTS, 1)?.[0]?.n).toBe(10_011 - RING_EVENTS);
    expect(many.recent.at(10_010 - RING_EVENTS)).toBeUndefined();
    const large = remembered(10_001, { bytes: 20_000 });
    await large.ask(9_000, 10);
    expect(large.budget.used).toBeLessThanOrEqual(RING_BYTES);
    expect(large.budget.used).toBeGreaterThan(RING_BYTES - 2 * entry(1, 20_000).bytes);
    const limit = 50 * entry(1).bytes;
    const shared = remembered(10_001, { limit });
    const other = new RecentEntries(shared.budget);
    for (const n of range(1, 20)) other.push(entry(n));
    await shared.ask(9_000, 10);
    expect([shared.budget.used <= limit, other.oldest?.n]).toEqual([true, 1]);
    // Ten and twenty were there.
    expect(shared.recent.oldest?.n).toBeGreaterThan(9_970);
  });

  it('is asked of the store no more than once a second where it does not get there', async () => {
    const { log, clock, ask } = remembered(351, { kept: 300 });
    expect(await ask(5, 100)).toBe(97);
    const { pages } = log;
    expect(await ask(5, 100)).toBe(0);
    expect(log.pages).toBe(pages);
    clock.now += 1_000;
    await ask(5, 100);
    expect(log.pages).toBe(pages + 1);
  });

  it('never fails: who waited asks the store, and is told', async () => {
    const { recent, log, ask } = remembered(351);
    log.isAway = true;
    expect(await ask(5, 100)).toBe(97);
    expect(recent.oldest?.n).toBe(351);
  });

  it('takes nothing of what was read where memory has begun anew, or made room, meanwhile', async () => {
    const { recent, log, ask } = remembered(351);
    log.onRead = () => {
      recent.clear();
      recent.push(entry(900));
    };
    await ask(340, 10);
    expect([recent.at(350), recent.oldest?.n]).toEqual([undefined, 900]);
  });
});

describe('what is read of a log before an event', () => {
  /** Of a log with these numbers, from a store that gives so many at once, as its bytes allow. */
  function pageBefore(n: number, check: string, numbers: number[], atOnce = Number.POSITIVE_INFINITY) {
    const read = async (_: string, { after, upTo, limit }: { after: number; upTo: number; limit: number }) => {
      const events = numbers.filter((each) => each > after && each <= upTo).map((each) => event(each));
      return { events: events.slice(0, Math.min(limit, atOnce)), upTo };
    };
    return new LogReader({ read } as unknown as Store, 't')
      .pageBefore({ n, check })
      .then((events) => events.map((each) => each.n));
  }

  it('leads up to it, as far as a page goes', async () => {
    expect(await pageBefore(3_001, 'c3001', range(1, 4_000))).toEqual(range(2_001, 3_000));
    expect(await pageBefore(4, 'c4', range(1, 10))).toEqual([1, 2, 3]);
  });

  it('is nothing where the log is not the one that it was of', async () => {
    expect(await pageBefore(4, 'other', range(1, 10))).toEqual([]);
    expect(await pageBefore(11, 'c11', range(1, 10))).toEqual([]);
  });

  it('has no gap: what is before one is left out', async () => {
    expect(await pageBefore(9, 'c9', [...range(1, 3), ...range(6, 10)])).toEqual([6, 7, 8]);
  });

  it('is a smaller page where bytes cut a large one short', async () => {
    expect(await pageBefore(3_001, 'c3001', range(1, 4_000), 100)).toEqual(range(2_939, 3_000));
  });
});

describe('a storm from before what a new process has in memory', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openStore();
  });
  afterAll(() => store.end());

  it('is served by a few queries, and each gets all there is, once and in order', async () => {
    const before = new TestHub(store);
    const first = await before.tell('all');
    await before.tellMany(800, 'all');
    before.close();
    let queries = 0;
    const test = new TestHub(store, {
      tenant: before.tenant,
      read: (_, on) => {
        queries += 1;
        return on();
      },
    });
    const streams = range(1, 80).map((n) => test.open(test.request(`u${n}`, { cursor: first })));
    await Promise.all(streams.map((stream) => stream.live()));
    // A few have looked for themselves: a look and a page of 500 each time.
    expect(queries).toBeLessThan(40);
    const all = await test.stored(undefined, 1);
    expect(all).toHaveLength(800);
    for (const stream of streams) {
      expect(stream.connected.resumed).toBe(true);
      expect(stream.ids).toEqual(all);
    }
    test.close();
  });

  it('starts anew where the log is not the one that the cursors are of', async () => {
    const before = new TestHub(store);
    const first = await before.tell('all');
    await before.tellMany(600, 'all');
    before.close();
    const test = new TestHub(store, { tenant: before.tenant });
    const other = first.replace(/-[^-]+$/, '-00000000');
    const streams = range(1, 20).map((n) => test.open(test.request(`u${n}`, { cursor: other })));
    await Promise.all(streams.map((stream) => stream.live()));
    for (const { connected } of streams) expect(connected).toMatchObject({ resumed: false, reason: 'epoch' });
    test.close();
  });
});
