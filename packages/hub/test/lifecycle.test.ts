import { BelfryError, CLOSING_REASONS, LIMITS } from '@belfry/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { retryMsFor } from '../src/control-frames.ts';
import { openStore, TestHub, type TestHubOptions, type TestStore } from './support/hub.ts';
import { numberOf } from './support/stream.ts';

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

describe('a heartbeat', () => {
  it('is a comment and an id: how far this connection has been served, never beyond what stands before it', async () => {
    start({ settings: { heartbeatMs: 60 } });
    const ada = await test.openLive(test.request('ada'));
    const ben = await test.openLive(test.request('ben'));
    for (let n = 0; n < 300; n += 1) {
      await Promise.all([test.tell('user:ada', n), test.tell('all', n), test.tell('user:ben', n)]);
    }
    await ada.until(() => ada.heartbeats.length >= 5);
    await ben.until(() => ben.heartbeats.length >= 5);
    const grants = { ada: test.request('ada').grants, ben: test.request('ben').grants };
    for (const [stream, entitled] of [
      [ada, await test.stored(grants.ada)],
      [ben, await test.stored(grants.ben)],
    ] as const) {
      for (const { id, after } of stream.heartbeats) {
        const came = stream.messages
          .slice(0, after)
          .filter(({ event }) => event === undefined)
          .map((message) => message.id);
        expect(came).toEqual(entitled.filter((one) => numberOf(one) <= numberOf(id)));
      }
    }
    expect(ada.text).toContain(`: hb\nid: ${store.epoch}-`);
  });

  it('carries a resume past all that was not for this reader', async () => {
    start({ settings: { heartbeatMs: 60 } });
    const ada = await test.openLive(test.request('ada'));
    const told = await test.tell('user:ben');
    await ada.until(() => ada.lastId === told, 'the heartbeat with the others’ position');
    expect(ada.ids).toEqual([]);
    expect((await test.openLive(test.request('ada', { cursor: ada.lastId }))).connected.resumed).toBe(true);
  });

  it('has no id before the stream is live', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    start({ settings: { heartbeatMs: 60 }, read: async ([name], on) => (name === 'state' ? gate.then(on) : on()) });
    await test.tell('user:ada');
    const stream = test.open(test.request('ada'));
    await stream.until(() => stream.text.includes(': hb\n\n'), 'a heartbeat without an id');
    expect(stream.lastId).toBeNull();
    open();
    await stream.live();
  });
});

describe('a stream ends', () => {
  it('at the end of its life, within 20 % of it either way', async () => {
    start({ settings: { lifetimeMs: 300 } });
    const began = performance.now();
    const streams = Array.from({ length: 20 }, () => test.open(test.request('ada')));
    const order: number[] = [];
    const ends = await Promise.all(
      streams.map(async (stream, at) => {
        await stream.closed();
        order.push(at);
        return performance.now() - began;
      }),
    );
    for (const { closing, text } of streams) {
      expect(closing?.reason).toBe('lifetime');
      expect(text).toContain(`retry: ${closing?.retryMs}\nevent: closing\n`);
    }
    expect(Math.min(...ends)).toBeGreaterThanOrEqual(240);
    // All of one length would end as they began, however late the machine is for it.
    expect(order).not.toEqual(streams.map((_, at) => at));
  });

  it('not at all where its life is 0', async () => {
    start({ settings: { lifetimeMs: 0, heartbeatMs: 50 } });
    const stream = await test.openLive(test.request('ada'));
    await stream.until(() => stream.heartbeats.length > 5);
    expect(stream.closing).toBeNull();
  });

  it('with its token', async () => {
    start();
    const stream = test.open(test.request(test.person('ada', { expiresAt: store.now() + 150 })));
    await stream.closed();
    expect(stream.closing?.reason).toBe('token_expired');
    const late = test.open(test.request(test.person('ada', { expiresAt: store.now() - 1 })));
    await late.closed();
    expect(late.closing?.reason).toBe('token_expired');
  });

  it('without another byte after its closing frame', async () => {
    start();
    const stream = await test.openLive(test.request('ada'));
    const telling = test.tell('user:ada');
    stream.handle.close('access');
    stream.handle.close('slow');
    await telling;
    await stream.closed();
    expect(stream.messages.at(-1)?.event).toBe('closing');
    expect(stream.messages.filter(({ event }) => event === 'closing')).toHaveLength(1);
    expect(stream.text.endsWith('\n\n')).toBe(true);
  });

  it('with all that was served before its closing frame', async () => {
    start();
    const stream = await test.openLive(test.request('ada'));
    const cursors = await Promise.all([1, 2, 3].map((n) => test.tell('user:ada', n)));
    stream.handle.close('lifetime');
    await stream.closed();
    expect(stream.ids).toEqual(cursors);
  });

  it('when its person opens one more than they may have: the oldest, with replaced', async () => {
    start();
    const streams = [];
    for (let n = 0; n < LIMITS.streams; n += 1) streams.push(await test.openLive(test.request('ada')));
    const ben = await test.openLive(test.request('ben'));
    const next = await test.openLive(test.request('ada'));
    await streams[0]?.closed();
    expect(streams[0]?.closing?.reason).toBe('replaced');
    const last = await test.tell('all');
    await Promise.all([...streams.slice(1), next, ben].map((stream) => stream.has(last)));
    expect(test.hub.stats.streams).toBe(LIMITS.streams + 1);
    streams[1]?.drop();
    await test.openLive(test.request('ada'));
    expect(streams[2]?.closing).toBeNull();
  });

  it('when the process is full: the newest, with overload, and the others stay', async () => {
    start({ settings: { maxConnections: 2 } });
    const kept = [await test.openLive(test.request('ada')), await test.openLive(test.request('ben'))];
    const refused = test.open(test.request('ada'));
    await refused.closed();
    expect(refused.messages.map(({ event }) => event)).toEqual(['closing']);
    expect(refused.closing?.reason).toBe('overload');
    const last = await test.tell('all');
    await Promise.all(kept.map((stream) => stream.has(last)));
    kept[0]?.drop();
    await test.openLive(test.request('ada'));
  });

  it('refused, it takes no place from its person’s others', async () => {
    start({ settings: { maxConnections: LIMITS.streams } });
    const streams = [];
    for (let n = 0; n < LIMITS.streams; n += 1) streams.push(await test.openLive(test.request('ada')));
    await test.open(test.request('ada')).closed();
    expect(streams.filter(({ closing }) => closing !== null)).toEqual([]);
  });

  it.each(['locate', 'readLog', 'state'])(
    'as unavailable where the store can not answer %s, and the next is served',
    async (failing) => {
      let isAway = true;
      const failed: unknown[] = [];
      start({
        read: async ([name], on) => {
          if (isAway && name === failing) throw new BelfryError('unavailable', 'The database is away.');
          return on();
        },
        observer: { failed: (_, error) => failed.push(error) },
      });
      await test.tell('user:ada');
      const stream = test.open(test.request('ada'));
      await stream.closed();
      expect(stream.closing?.reason).toBe('unavailable');
      expect(failed).toHaveLength(1);
      isAway = false;
      await test.openLive(test.request('ada'));
    },
  );

  it('as unavailable where events were deleted before this process heard of them, and starts anew', async () => {
    let isDeaf = false;
    start({
      announce: (events, on) => {
        if (!isDeaf) on(events);
      },
    });
    const stream = await test.openLive(test.request('ada'));
    await stream.has(await test.tell('user:ada'));
    isDeaf = true;
    for (let n = 0; n < 5; n += 1) await test.tell('user:ada', n);
    store.advance(3_600_000);
    await test.tell('user:ada', 'kept');
    await store.commit('retain', { maxAgeMs: 1_800_000, maxBytes: 1e9, limit: 1e6 });
    isDeaf = false;
    await test.tell('user:ada', 'heard of');
    await stream.closed();
    expect(stream.closing?.reason).toBe('unavailable');
    expect(stream.ids).toHaveLength(1);
    const again = await test.openLive(test.request('ada', { cursor: stream.lastId }));
    expect(again.connected).toMatchObject({ resumed: false, reason: 'expired' });
  });

  it('when its client goes, whatever it was at', async () => {
    start();
    const first = await test.tell('user:ada');
    for (const cursor of [null, first, 'x']) {
      for (const pause of [0, 1, 2, 5]) {
        const stream = test.open(test.request('ada', { cursor }));
        for (let n = 0; n < pause; n += 1) await new Promise((resolve) => setImmediate(resolve));
        stream.drop();
        stream.handle.close('drain');
        stream.handle.gone();
      }
    }
    await vi.waitUntil(() => test.hub.stats.streams === 0);
  });
});

describe('how long a client is asked to wait', () => {
  it('is jittered, above zero and below 15 s, for every reason', () => {
    for (const reason of CLOSING_REASONS) {
      const [least, most] = [retryMsFor(reason, () => 0), retryMsFor(reason, () => 0.999)];
      expect(least).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(15_000);
      expect(most).toBeGreaterThan(least * 2);
    }
  });
});

describe('draining', () => {
  it('closes all within its time, spread over it, and refuses new ones', async () => {
    start({ random: Math.random });
    const streams = await Promise.all(Array.from({ length: 30 }, (_, n) => test.openLive(test.request(`u${n}`))));
    const order: number[] = [];
    for (const [at, stream] of streams.entries()) void stream.closed().then(() => order.push(at));
    const drained = test.hub.drain(500);
    expect(test.hub.isDraining).toBe(true);
    const late = test.open(test.request('late'));
    await late.closed();
    expect(late.closing?.reason).toBe('drain');
    await drained;
    await Promise.all(streams.map((stream) => stream.closed()));
    for (const { closing } of streams) expect(closing?.reason).toBe('drain');
    // All at once they would end as they began.
    expect(order).not.toEqual(streams.map((_, at) => at));
    expect(new Set(streams.map(({ closing }) => closing?.retryMs)).size).toBeGreaterThan(10);
  });

  it('goes on delivering until then', async () => {
    start({ random: () => 0.99 });
    const stream = await test.openLive(test.request('ada'));
    const drained = test.hub.drain(300);
    const told = await test.tell('user:ada');
    await drained;
    await stream.closed();
    expect(stream.ids).toEqual([told]);
  });

  it('of an empty hub is done at once, twice too', async () => {
    start();
    await Promise.all([test.hub.drain(5_000), test.hub.drain(5_000)]);
  });

  it('asked for twice ends for both', async () => {
    start();
    await test.openLive(test.request('ada'));
    await Promise.all([test.hub.drain(50), test.hub.drain(50)]);
  });
});

describe('closing the hub', () => {
  it('leaves no timer, whatever was under way', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
    start();
    const request = test.request('ada');
    const streams = Array.from({ length: 5 }, () => test.open(request));
    while (streams.some((stream) => stream.idOf('live') === undefined))
      await new Promise((resolve) => setImmediate(resolve));
    streams[0]?.sink.pause();
    streams[0]?.handle.close('lifetime');
    streams[1]?.drop();
    const polling = test.hub.poll(
      { ...request, cursor: streams[2]?.lastId ?? null },
      25_000,
      new AbortController().signal,
    );
    while (test.hub.stats.polls === 0 || vi.getTimerCount() < 2) await new Promise((resolve) => setImmediate(resolve));
    void test.hub.drain(10_000);
    test.hub.close();
    await polling;
    expect(vi.getTimerCount()).toBe(0);
    expect(test.hub.stats).toEqual({ streams: 0, polls: 0, tenants: 0, runs: 0 });
  });

  it('forgets a tenant some seconds after its last listener, and no sooner', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    start();
    for (const lingering of [0, 5_000]) {
      vi.advanceTimersByTime(lingering);
      expect(test.hub.stats.tenants).toBe(lingering === 0 ? 0 : 1);
      (await test.openLive(test.request('ada'))).drop();
    }
    vi.advanceTimersByTime(9_000);
    expect(test.hub.stats.tenants).toBe(1);
    vi.advanceTimersByTime(1_200);
    expect(test.hub.stats.tenants).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
