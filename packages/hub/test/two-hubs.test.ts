import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
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
  vi.useRealTimers();
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

/** Time stands still for the hubs, but for what a test lets go by. The store answers as ever. */
function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

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

  it('find within a second what was committed by a process that died before it could say so', async () => {
    stopTime();
    const { one, two } = pair();
    const streams = await Promise.all(
      [one, two].map((test) => test.openLive(test.request(test.person('ada', { channels: ['all'] })))),
    );
    await store.commit('emit', { tenant: one.tenant, to: ['all'], type: 'test.told', data: '1' });
    const [id] = (await one.stored()) as [string];
    await pass(999);
    expect(streams.flatMap(({ ids }) => ids)).toEqual([]);
    await pass(1);
    await Promise.all(streams.map((stream) => stream.has(id)));
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
    stopTime();
    const { one, two, bus } = pair({ read });
    const stream = await two.openLive(two.request(two.person('ada', { channels: ['all'] })));
    await pass(1_000);
    const id = await missed.promise;
    // They have their answer, and would ask again in a second.
    await turn();
    bus.reconnect();
    await pass(0);
    await stream.has(id);
    expect(order).toEqual(['asked', 'asked']);
  });

  it('read the heads of all logs in one query a second, never two at once, and none without a reader', async () => {
    stopTime();
    const asked: number[] = [];
    let [running, most] = [0, 0];
    let answer = () => {};
    let answered = Promise.withResolvers<void>();
    const read: TestHubOptions['read'] = async ([name, input], on) => {
      if (name !== 'heads') return on();
      asked.push((input as { logs: string[] }).logs.length);
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      running -= 1;
      const heads = await on();
      setImmediate(answered.resolve);
      return heads;
    };
    const answers = async () => {
      answered = Promise.withResolvers();
      answer();
      await answered.promise;
    };
    const { test, bus } = join({ read });
    await pass(1_200);
    expect(asked).toEqual([]);
    for (let at = 0; at < 30; at += 1) {
      const person = { ...test.person('ada'), tenant: `${test.tenant}-${at}` };
      await test.openLive(test.request(person));
    }
    await pass(1_000);
    expect(asked).toHaveLength(1);
    bus.reconnect();
    await pass(1_200);
    expect(asked).toHaveLength(1);
    await answers();
    await pass(0);
    expect(asked, 'the bus was back while it asked').toHaveLength(2);
    await answers();
    await pass(999);
    expect(asked).toHaveLength(2);
    await pass(1);
    expect(asked).toHaveLength(3);
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
    stopTime();
    await test.openLive(test.request('ada'));
    const before = reads;
    await pass(2_200);
    expect(reads).toBe(before);
  });

  it('listen before they look where a log ends, and do not wait long for a bus that does not answer', async () => {
    stopTime();
    const order: string[] = [];
    const read: TestHubOptions['read'] = ([name], on) => {
      if (name !== 'signingKeys') order.push(name);
      return on();
    };
    const { test, bus } = join({ read });
    bus.following = async () => {
      await turn();
      order.push('heard');
    };
    await test.openLive(test.request('ada'));
    expect(order.slice(0, 2)).toEqual(['heard', 'locate']);
    bus.following = () => new Promise(() => {});
    const elsewhere = { ...test.person('ada'), tenant: `${test.tenant}-x` };
    const stream = test.open(test.request(elsewhere));
    await pass(99);
    expect(order.filter((what) => what === 'locate')).toHaveLength(1);
    await pass(1);
    await stream.live();
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
    const back = Promise.withResolvers<void>();
    let isAway = false;
    const { one, two } = pair({
      read: (_, on) => (isAway ? Promise.reject(new Error('away')) : on()),
      observer: { storeLost: () => told.push('lost'), storeBack: () => back.resolve() },
    });
    net.faults = { ...FAITHFUL, woken: 1 };
    stopTime();
    const stream = await two.openLive(two.request(two.person('ada', { channels: ['all'] })));
    isAway = true;
    const ids = [await one.tell('all')];
    await pass(1_000);
    expect(told).toEqual(['lost']);
    ids.push(await one.tell('all'));
    await pass(1_300);
    expect(stream.ids).toEqual([]);
    isAway = false;
    await pass(1_000);
    await stream.has(ids[1] as string);
    expect(stream.ids).toEqual(ids);
    expect(stream.closing).toBeNull();
    await back.promise;
    expect(told).toEqual(['lost']);
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
