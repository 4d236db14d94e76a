import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore, seeded, TestHub, type TestHubOptions, type TestStore } from './support/hub.ts';
import { FAITHFUL, LossyNet, type NetBus } from './support/lossy-net.ts';

/** Two hubs on one store, as two processes on one Postgres. */
let store: TestStore;
let net: LossyNet;
let hubs: TestHub[];

beforeAll(async () => {
  store = await openStore();
});
beforeEach(() => {
  net = new LossyNet();
  hubs = [];
});
afterEach(() => {
  for (const { hub } of hubs) hub.close();
  net.close();
});
afterAll(() => store.end());

function join(options: TestHubOptions = {}): { test: TestHub; bus: NetBus } {
  const bus = net.join();
  const test = new TestHub({ ...store, shared: true }, { ...options, bus });
  hubs.push(test);
  return { test, bus };
}

function pair(options: TestHubOptions = {}) {
  const one = join();
  const two = join({ ...options, tenant: one.test.tenant });
  return { one: one.test, two: two.test, bus: two.bus };
}

async function tookMs(work: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work;
  return performance.now() - started;
}

describe('two hubs on one database', () => {
  it('bring each event to the readers of both once and in order, whatever the bus loses, doubles and delays', {
    timeout: 60_000,
  }, async () => {
    const seed = Math.floor(Math.random() * 1e9);
    const random = seeded(seed);
    net = new LossyNet({ lost: 0.3, doubled: 0.3, woken: 0.2, lateMs: 40 }, random);
    const { one, two } = pair();
    const readers = [one, two].flatMap((test) =>
      ['topic:a', 'topic:b'].map((channel) => {
        const principal = test.person(`u-${channel}`, { channels: [channel] });
        return { channel, stream: test.open(test.request(principal)) };
      }),
    );
    await Promise.all(readers.map(({ stream }) => stream.live()));
    for (let round = 0; round < 150; round += 1) {
      const from = random() < 0.5 ? one : two;
      const telling = from.tell(random() < 0.5 ? 'topic:a' : 'topic:b', round);
      if (random() < 0.6) await telling;
      if (random() < 0.3) await sleep(random() * 30);
    }
    net.faults = { ...net.faults, lost: 1 };
    const lasts = { 'topic:a': await one.tell('topic:a'), 'topic:b': await one.tell('topic:b') };
    await Promise.all(readers.map(({ channel, stream }) => stream.has(lasts[channel as keyof typeof lasts])));
    for (const { channel, stream } of readers) {
      const stored = await one.stored({ everything: false, exact: [channel], prefixes: [] });
      expect(stream.ids, `seed ${seed}`).toEqual(stored);
    }
  });

  it('say it by the bus where that works, by event or by wake-up, and need no question for it', async () => {
    const read: TestHubOptions['read'] = ([name], on) => (name === 'heads' ? new Promise(() => {}) : on());
    for (const woken of [0, 1]) {
      net.faults = { ...FAITHFUL, woken };
      const { one, two } = pair({ read });
      const stream = await two.openLive(two.request(two.person('ada', { channels: ['topic:t'] })));
      await stream.has(await one.tell('topic:t'));
    }
  });

  it('find within 2 s what was committed by a process that died before it could say so', { retry: 2 }, async () => {
    const { one, two } = pair();
    const streams = await Promise.all(
      [one, two].map((test) => test.openLive(test.request(test.person('ada', { channels: ['all'] })))),
    );
    await store.commit('emit', { tenant: one.tenant, to: ['all'], type: 'test.told', data: '1' });
    const [id] = (await one.stored()) as [string];
    expect(await tookMs(Promise.all(streams.map((stream) => stream.has(id))))).toBeLessThan(2_000);
  });

  it('look at once when the bus is back, and not when they would have anyway', async () => {
    const order: string[] = [];
    const missed = Promise.withResolvers<string>();
    const read: TestHubOptions['read'] = async ([name], on) => {
      if (name !== 'heads') return on();
      order.push('asked');
      const heads = await on();
      if (order.length === 1) missed.resolve(await one.tell('all'));
      return heads;
    };
    net.faults = { ...FAITHFUL, lost: 1 };
    const { one, two, bus } = pair({ read });
    const stream = await two.openLive(two.request(two.person('ada', { channels: ['all'] })));
    const id = await missed.promise;
    // They have their answer, and would ask again in a second.
    await turn();
    bus.reconnect();
    setTimeout(() => order.push('half a second'), 500);
    await stream.has(id);
    expect(order.slice(0, 2)).toEqual(['asked', 'asked']);
  });

  it('read the heads of all logs in one query a second, never two at once, and none without a reader', {
    retry: 2,
  }, async () => {
    const asked: number[] = [];
    let [running, most] = [0, 0];
    let answer = () => {};
    const read: TestHubOptions['read'] = async ([name, input], on) => {
      if (name !== 'heads') return on();
      asked.push((input as { logs: string[] }).logs.length);
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      running -= 1;
      return on();
    };
    const { test, bus } = join({ read });
    await sleep(1_200);
    expect(asked).toEqual([]);
    for (let at = 0; at < 30; at += 1) {
      const person = { ...test.person('ada'), tenant: `${test.tenant}-${at}` };
      await test.openLive(test.request(person));
    }
    await expect.poll(() => asked.length, { timeout: 30_000 }).toBe(1);
    bus.reconnect();
    await sleep(1_200);
    expect(asked).toHaveLength(1);
    answer();
    const again = tookMs(expect.poll(() => asked.length, { timeout: 30_000 }).toBe(2));
    expect(await again, 'the bus was back while it asked').toBeLessThan(800);
    answer();
    const next = tookMs(expect.poll(() => asked.length, { timeout: 30_000 }).toBe(3));
    expect(await next).toBeGreaterThan(800);
    answer();
    expect(asked.slice(1)).toEqual([30, 30]);
    expect(most).toBe(1);
  });

  it('ask nothing where the store is held by one process alone', async () => {
    let reads = 0;
    const test = new TestHub(store, {
      read: (_, on) => {
        reads += 1;
        return on();
      },
    });
    hubs.push(test);
    await test.openLive(test.request('ada'));
    const before = reads;
    await sleep(2_200);
    expect(reads).toBe(before);
  });

  it('listen before they look where a log ends, and do not wait long for a bus that does not answer', {
    retry: 2,
  }, async () => {
    const order: string[] = [];
    const read: TestHubOptions['read'] = ([name], on) => {
      if (name !== 'signingKeys') order.push(name);
      return on();
    };
    const { test, bus } = join({ read });
    bus.following = async () => {
      await sleep(30);
      order.push('heard');
    };
    await test.openLive(test.request('ada'));
    expect(order.slice(0, 2)).toEqual(['heard', 'locate']);
    bus.following = () => new Promise(() => {});
    const elsewhere = { ...test.person('ada'), tenant: `${test.tenant}-x` };
    expect(await tookMs(test.openLive(test.request(elsewhere)))).toBeLessThan(1_000);
  });

  it('ask the bus for the tenants that have a reader here, and for no others', async () => {
    const { test, bus } = join();
    expect(bus.followed.size).toBe(0);
    await test.openLive(test.request('ada'));
    expect([...bus.followed]).toEqual([test.tenant]);
    await test.hub.drain(0);
    await expect.poll(() => bus.followed.size).toBe(0);
  });

  it('A8: keep streams open while the database is away, tell of it once, and go on where they were', async () => {
    const told: string[] = [];
    let isAway = false;
    const { one, two } = pair({
      read: (_, on) => (isAway ? Promise.reject(new Error('away')) : on()),
      observer: { storeLost: () => told.push('lost'), storeBack: () => told.push('back') },
    });
    net.faults = { ...FAITHFUL, woken: 1 };
    const stream = await two.openLive(two.request(two.person('ada', { channels: ['all'] })));
    isAway = true;
    const ids = [await one.tell('all')];
    await expect.poll(() => told, { timeout: 30_000 }).toEqual(['lost']);
    ids.push(await one.tell('all'));
    await sleep(1_300);
    expect(stream.ids).toEqual([]);
    isAway = false;
    await stream.has(ids[1] as string);
    expect(stream.ids).toEqual(ids);
    expect(stream.closing).toBeNull();
    await expect.poll(() => told, { timeout: 30_000 }).toEqual(['lost', 'back']);
  });

  it('follow nothing for a stream that is turned away, nor after they are closed', async () => {
    const { test, bus } = join({ settings: { maxConnections: 1 } });
    const follows: string[] = [];
    bus.following = async () => {
      follows.push('a log');
    };
    const other = test.service();
    const elsewhere = () => test.open(test.request({ ...other, tenant: 'elsewhere' }));
    const kept = await test.openLive(test.request('ada'));
    await elsewhere().closed();
    await test.open(test.request('ada')).closed();
    expect([follows.length, test.hub.stats.tenants]).toEqual([1, 1]);
    const last = await test.tell('all');
    await kept.has(last);
    test.hub.close();
    await elsewhere().closed();
    expect([follows.length, test.hub.stats.tenants, [...bus.followed]]).toEqual([1, 0, []]);
  });
});
