import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStore, TestHub, type TestHubOptions, type TestStore } from './support/hub.ts';
import { numberOf, type TestStream } from './support/stream.ts';

let store: TestStore;
let test: TestHub;
beforeAll(async () => {
  store = await openStore();
});
afterEach(() => {
  vi.useRealTimers();
  test.close();
});
afterAll(() => store.end());

const start = (options: TestHubOptions = {}) => {
  test = new TestHub(store, options);
};
const KB = 1_024;
const text = (bytes: number) => 'x'.repeat(bytes);

/** Lets a paused reader take a piece now and then, until it is so. */
async function readSlowly(stream: TestStream, isSo: () => boolean): Promise<void> {
  const until = performance.now() + 30_000;
  while (!isSo()) {
    if (performance.now() > until) throw new Error(`The slow reader never got there: ${stream.text.slice(-300)}`);
    stream.sink.take();
    await turn();
  }
}

describe('a replay', () => {
  it('goes at the pace of its reader, with little in the buffer at any time, and is complete', async () => {
    start();
    const first = await test.tell('user:ada');
    for (let n = 0; n < 40; n += 1)
      await Promise.all(Array.from({ length: 50 }, () => test.tell('user:ada', text(4 * KB))));
    const stream = test.open(test.request('ada', { cursor: first }), true);
    await readSlowly(stream, () => stream.idOf('live') !== undefined);
    expect(stream.ids).toEqual((await test.stored()).slice(1));
    expect(stream.sink.mostBuffered).toBeLessThan(350 * KB);
    expect(stream.closing).toBeNull();
  });

  it('takes in what is published meanwhile, once and in order', async () => {
    start();
    const first = await test.tell('user:ada');
    for (let n = 0; n < 10; n += 1)
      await Promise.all(Array.from({ length: 50 }, () => test.tell('user:ada', text(4 * KB))));
    const stream = test.open(test.request('ada', { cursor: first }), true);
    let published = 0;
    const publishing = (async () => {
      for (; published < 200; published += 1) await test.tell('user:ada', published);
    })();
    await readSlowly(stream, () => stream.idOf('live') !== undefined && published === 200);
    await publishing;
    stream.sink.resume();
    await stream.has(await test.tell('user:ada', 'last'));
    expect(stream.ids).toEqual((await test.stored()).slice(1));
  });

  it('that retention has overtaken ends, and the reader starts anew', async () => {
    start();
    const first = await test.tell('user:ada');
    for (let n = 0; n < 40; n += 1)
      await Promise.all(Array.from({ length: 50 }, () => test.tell('user:ada', text(4 * KB))));
    const stream = test.open(test.request('ada', { cursor: first }), true);
    await readSlowly(stream, () => stream.ids.length > 0);
    store.advance(3_600_000);
    for (let n = 0; n < 600; n += 1) await test.tell('user:ben');
    await store.commit('retain', { maxAgeMs: 1_800_000, maxBytes: 1e9, limit: 1e6 });
    await readSlowly(stream, () => stream.isClosed);
    expect(stream.closing?.reason).toBe('unavailable');
    const all = (await test.stored()).at(0) as string;
    expect(numberOf(stream.ids.at(-1) as string)).toBeLessThan(numberOf(all));
    expect(stream.ids.map(numberOf)).toEqual(stream.ids.map((_, at) => at + 2));
    const again = await test.openLive(test.request('ada', { cursor: stream.lastId }));
    expect(again.connected).toMatchObject({ resumed: false, reason: 'expired' });
  });
});

describe('a large state', () => {
  it('is given the time its reader takes, though more than the buffer, while others publish', async () => {
    start({ settings: { maxBufferedBytes: 64 * KB } });
    for (let n = 0; n < 40; n += 1) await test.notify('user:ada', 'x', { body: text(4_000) });
    const stream = test.open(test.request('ada'), true);
    await vi.waitUntil(() => stream.sink.buffered > 64 * KB);
    for (let n = 0; n < 20; n += 1) await test.tell('user:ada', n);
    expect(stream.sink.isEnded).toBe(false);
    await readSlowly(stream, () => stream.idOf('live') !== undefined);
    stream.sink.resume();
    await stream.has(await test.tell('user:ada', 'last'));
    expect(stream.state?.notifications.items).toHaveLength(40);
    expect(stream.ids).toEqual((await test.stored()).slice(40));
  });
});

describe('a reader that stops reading', () => {
  it('is closed as slow, holds little, and nobody else notices; it resumes complete', async () => {
    const closed: unknown[] = [];
    start({ settings: { maxBufferedBytes: 256 * KB }, observer: { closed: (_, reason) => closed.push(reason) } });
    const slow = await test.openLive(test.request('ada'));
    const other = await test.openLive(test.request('ben'));
    slow.sink.pause();
    for (let n = 0; n < 200; n += 1) await test.tell('all', text(4 * KB));
    const last = await test.tell('all', 'last');
    await other.has(last);
    expect(slow.sink.isEnded).toBe(true);
    expect(slow.sink.mostBuffered).toBeLessThan(350 * KB);
    slow.sink.resume();
    await slow.closed();
    expect(slow.closing?.reason).toBe('slow');
    expect(slow.messages.at(-1)?.event).toBe('closing');
    expect(closed).toEqual(['slow']);
    const again = await test.openLive(test.request('ada', { cursor: slow.lastId }));
    expect(again.connected.resumed).toBe(true);
    expect([...slow.ids, ...again.ids]).toEqual(await test.stored());
    expect(other.ids).toEqual(await test.stored());
  });

  it('is closed for good when it does not even take its farewell', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    start({ settings: { maxBufferedBytes: 64 * KB } });
    const slow = await test.openLive(test.request('ada'));
    slow.sink.pause();
    while (!slow.sink.isEnded) {
      await test.tell('all', text(8 * KB));
      // A turn each: what comes in one turn together is a burst, which a reader is not slow for.
      await new Promise((resolve) => setImmediate(resolve));
    }
    vi.advanceTimersByTime(4_900);
    expect(slow.sink.isDestroyed).toBe(false);
    vi.advanceTimersByTime(200);
    expect(slow.sink.isDestroyed).toBe(true);
    await slow.closed();
    expect(test.hub.stats.streams).toBe(0);
  });

  it('in a replay is closed as slow after three heartbeats without a byte taken', async () => {
    start({ settings: { heartbeatMs: 100 } });
    const first = await test.tell('user:ada');
    for (let n = 0; n < 100; n += 1) await test.tell('user:ada', text(8 * KB));
    const stream = test.open(test.request('ada', { cursor: first }), true);
    await vi.waitUntil(() => stream.sink.isEnded, { timeout: 30_000 });
    stream.sink.resume();
    await stream.closed();
    expect(stream.closing?.reason).toBe('slow');
  });

  it('but slowly goes on is not closed, however many heartbeats it takes', async () => {
    start({ settings: { heartbeatMs: 100 } });
    const first = await test.tell('user:ada');
    for (let n = 0; n < 150; n += 1) await test.tell('user:ada', text(8 * KB));
    const stream = test.open(test.request('ada', { cursor: first }), true);
    for (let heartbeats = 0; heartbeats < 12; heartbeats += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      stream.sink.take();
      if (heartbeats < 3) expect(stream.sink.buffered).toBeGreaterThan(0);
    }
    stream.sink.resume();
    await stream.live();
    expect(stream.closing).toBeNull();
  });
});

describe('a burst', () => {
  it('larger than the buffer in one turn does not make a reader slow that reads', async () => {
    start({ settings: { maxBufferedBytes: 256 * KB } });
    const stream = await test.openLive(test.request('ada'));
    stream.sink.pause();
    const notifications = Array.from({ length: 500 }, () => ({
      to: ['all'],
      type: 'note',
      title: 'x',
      body: text(4_000),
    }));
    const { value } = await test.core.notifications.publishBatch(test.tenant, notifications);
    const last = value.at(-1)?.cursor as string;
    await readSlowly(stream, () => stream.ids.includes(last));
    expect(stream.ids).toEqual(await test.stored());
    expect(stream.closing).toBeNull();
    expect(stream.sink.mostBuffered).toBeLessThan(600 * KB);
    stream.sink.resume();
    await stream.has(await test.tell('user:ada'));
    expect(stream.ids).toEqual(await test.stored());
  });
});
