import { isoTime } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StreamRequest } from '../src/index.ts';
import { openStore, TestHub, type TestStore } from './support/hub.ts';
import { numberOf } from './support/stream.ts';

let store: TestStore;
let test: TestHub;
beforeAll(async () => {
  store = await openStore();
});
beforeEach(() => {
  test = new TestHub(store);
});
afterEach(() => test.close());
afterAll(() => store.end());

const never = new AbortController().signal;
const poll = (request: StreamRequest, waitMs = 10_000, signal = never) => test.hub.poll(request, waitMs, signal);

/** Resolves when the poll has nothing to read any more and waits. */
const waiting = () =>
  vi.waitUntil(() => test.hub.stats.polls > 0).then(() => new Promise((resolve) => setTimeout(resolve, 30)));

describe('a poll', () => {
  it('without a cursor answers at once with state, its reason and its cursor', async () => {
    const item = await test.notify('user:ada');
    const answer = await poll(test.request('ada'));
    expect(answer).toMatchObject({ resumed: false, reason: 'new', events: [], cursor: item.cursor });
    expect(answer.state?.notifications).toMatchObject({ unread: 1 });
    expect(answer.state?.notifications.items.map(({ id }) => id)).toEqual([item.id]);
  });

  it('tells the server’s time, begun anew or not', async () => {
    const begun = await poll(test.request('ada'));
    await test.tell('user:ada');
    const { access, cursor } = begun;
    const next = await poll(test.request('ada', { cursor, access }), 0);
    expect([begun.resumed, next.resumed]).toEqual([false, true]);
    const now = isoTime(test.core.clock.now());
    for (const { serverTime = '' } of [begun, next]) expect([serverTime.length, serverTime <= now]).toEqual([24, true]);
  });

  it('without a wish for state gives none, and the head', async () => {
    const cursor = await test.tell('user:ada');
    expect(await poll(test.request('ada', { wantsState: false }))).toMatchObject({
      resumed: false,
      reason: 'new',
      events: [],
      cursor,
    });
  });

  it('with a cursor that is none answers with state and why', async () => {
    expect(await poll(test.request('ada', { cursor: 'x' }))).toMatchObject({ resumed: false, reason: 'unknown' });
    expect(await poll(test.request('ada', { cursor: 'zz-1-a' }))).toMatchObject({ resumed: false, reason: 'epoch' });
  });

  it('answers at once where there is anything after its cursor: as a stream would show it', async () => {
    const cursor = await test.tell('user:ada');
    const told = await test.tell(['topic:x', 'all'], { a: 1 });
    await test.tell('user:ben');
    const answer = await poll(test.request('ada', { cursor }));
    const time = expect.any(String);
    expect(answer).toMatchObject({
      resumed: true,
      events: [{ id: told, type: 'test.told', channel: 'all', time, data: { a: 1 } }],
    });
    expect(numberOf(answer.cursor)).toBe(3);
    expect(answer).not.toHaveProperty('state');
    expect((await poll(test.request('ada', { cursor: answer.cursor }), 0)).events).toEqual([]);
  });

  it('waits for what comes', async () => {
    const cursor = await test.tell('user:ada');
    const answering = poll(test.request('ada', { cursor }));
    await waiting();
    await test.tell('user:ben');
    expect(test.hub.stats.polls).toBe(1);
    const told = await test.tell('user:ada');
    const answer = await answering;
    expect(answer.events.map(({ id }) => id)).toEqual([told]);
    expect(answer.cursor).toBe(told);
    expect(test.hub.stats.polls).toBe(0);
  });

  it('waits on where what came is filtered out, and moves its cursor past it', async () => {
    const cursor = await test.tell('user:ada');
    const answering = poll(test.request('ada', { cursor, filters: { events: ['build.*'] } }));
    await waiting();
    await test.tell('user:ada', 0, 'chat.said');
    const told = await test.tell('user:ada', 0, 'build.done');
    expect((await answering).events.map(({ id }) => id)).toEqual([told]);
  });

  it('answers with nothing when its time is up, and with how far it has looked', async () => {
    const cursor = await test.tell('user:ada');
    const answering = poll(test.request('ada', { cursor }), 200);
    await waiting();
    const other = await test.tell('user:ben');
    expect(await answering).toMatchObject({ resumed: true, events: [], cursor: other });
  });

  it('ends when its client goes, also one that has gone already', async () => {
    const cursor = await test.tell('user:ada');
    const gone = new AbortController();
    const answering = poll(test.request('ada', { cursor }), 60_000, gone.signal);
    await waiting();
    gone.abort();
    expect((await answering).events).toEqual([]);
    expect((await poll(test.request('ada', { cursor }), 60_000, gone.signal)).events).toEqual([]);
    expect(test.hub.stats.polls).toBe(0);
  });

  it('brings at most 500 events, and the rest to the next', async () => {
    const cursor = await test.tell('user:ada');
    await test.tellMany(700, 'user:ada');
    const ids: string[] = [];
    let from = cursor;
    for (const expected of [500, 200, 0]) {
      const answer = await poll(test.request('ada', { cursor: from }), 0);
      expect(answer.events).toHaveLength(expected);
      if (expected > 0) expect(answer.cursor).toBe(answer.events.at(-1)?.id);
      ids.push(...answer.events.map(({ id }) => id));
      from = answer.cursor;
    }
    expect(ids).toEqual((await test.stored()).slice(1));
  });

  it('gives marks with the counts of its types', async () => {
    const items = [];
    for (const type of ['a', 'a', 'b']) items.push(await test.notify('user:ada', 'x', { type }));
    const request = test.request('ada', { cursor: items.at(-1)?.cursor as string, filters: { types: ['a'] } });
    await test.core.inbox.mark(
      { tenant: test.tenant, user: 'ada', grants: request.grants, since: 0 },
      [items[0]?.id as string],
      'seen',
    );
    const { events } = await poll(request);
    expect(events).toMatchObject([{ type: 'notification.state', data: { mark: 'seen', unread: 2, unseen: 1 } }]);
  });

  it('loses and doubles nothing in a chain of polls under traffic', async () => {
    const start = await test.tell('user:ada');
    const ids: string[] = [];
    let publishing = true;
    const work = (async () => {
      for (let n = 0; n < 400; n += 1) await test.tell(n % 3 === 0 ? 'user:ben' : 'user:ada', n);
      publishing = false;
    })();
    let from = start;
    while (publishing || from !== (await test.stored()).at(-1)) {
      const answer = await poll(test.request('ada', { cursor: from }), 20);
      ids.push(...answer.events.map(({ id }) => id));
      from = answer.cursor;
    }
    await work;
    expect(ids).toEqual((await test.stored(test.request('ada').grants)).slice(1));
  });

  it('is one of the listeners its person may have', async () => {
    const cursor = await test.tell('user:ada');
    const oldest = poll(test.request('ada', { cursor }), 60_000);
    await waiting();
    const streams = Array.from({ length: 32 }, () => test.open(test.request('ada')));
    expect(await oldest).toMatchObject({ resumed: true, events: [] });
    await Promise.all(streams.map((stream) => stream.live()));
    for (const { closing } of streams) expect(closing).toBeNull();
  });

  it('ends with the drain, and none begins after it', async () => {
    const cursor = await test.tell('user:ada');
    const answering = poll(test.request('ada', { cursor }), 60_000);
    await waiting();
    await test.hub.drain(10);
    expect((await answering).events).toEqual([]);
    await expect(poll(test.request('ada', { cursor }))).rejects.toMatchObject({ code: 'unavailable', retryAfter: 2 });
  });

  it('is refused where the process is full, and where the store can not answer', async () => {
    let isAway = true;
    const small = new TestHub(store, {
      settings: { maxConnections: 1 },
      read: async (_, on) => {
        if (isAway) throw new BelfryError('unavailable', 'The database is away.');
        return on();
      },
    });
    await expect(small.hub.poll(small.request('ada'), 0, never)).rejects.toThrow('The database is away.');
    expect(small.hub.stats.polls).toBe(0);
    isAway = false;
    await small.openLive(small.request('ada'));
    await expect(small.hub.poll(small.request('ada'), 0, never)).rejects.toMatchObject({ code: 'unavailable' });
    small.close();
  });
});
