import { formatCursor, LIMITS, parseCursor } from '@belfry/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessHash } from '../src/index.ts';
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

/** The cursor of another place, or with something changed about it. */
function changed(id: string, change: { epoch?: string; n?: number; check?: string }): string {
  const cursor = { ...(parseCursor(id) as { epoch: string; n: number; check: string }), ...change };
  return formatCursor(cursor.epoch, cursor);
}

describe('a new stream', () => {
  it('starts with retry, connected, state and live, then what happens', async () => {
    const item = await test.notify('user:ada');
    const stream = await test.openLive(test.request(test.person('ada', { roles: ['admin'], channels: ['topic:p/*'] })));
    expect(stream.text.startsWith(': belfry\nretry: 1000\n\nevent: connected\n')).toBe(true);
    expect(stream.messages.map(({ event }) => event)).toEqual(['connected', 'state', 'live']);
    expect(stream.connected).toEqual({
      connection: expect.stringMatching(/^[0-9a-f-]{36}$/),
      tenant: test.tenant,
      user: 'ada',
      readOnly: false,
      channels: ['user:ada', 'all', 'role:admin', 'topic:p/*'],
      access: expect.stringMatching(/^[0-9a-f]{12}$/),
      resumed: false,
      reason: 'new',
      heartbeatMs: 25_000,
      serverTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(stream.idOf('connected')).toBeUndefined();
    expect(stream.idOf('state')).toBe(item.cursor);
    expect(stream.idOf('live')).toBe(item.cursor);
    const { to: _, ...shared } = item as typeof item & { to: string[] };
    expect(stream.state).toEqual({
      notifications: {
        items: [{ ...shared, seenAt: null, readAt: null, archivedAt: null }],
        unread: 1,
        unseen: 1,
        nextCursor: null,
      },
      questions: [],
      runs: [],
    });
    const next = await test.tell('user:ada');
    await stream.has(next);
    expect(stream.ids).toEqual([next]);
  });

  it('of an empty log starts at its origin', async () => {
    const stream = await test.openLive(test.request('ada'));
    expect(stream.idOf('state')).toBe(`${store.epoch}-0-0`);
    const resumed = await test.openLive(test.request('ada', { cursor: stream.lastId }));
    expect(resumed.connected).toMatchObject({ resumed: true, reason: null });
  });

  it('without a wish for state starts at the head with live', async () => {
    const cursor = await test.tell('user:ada');
    const stream = await test.openLive(test.request('ada', { wantsState: false }));
    expect(stream.messages.map(({ event }) => event)).toEqual(['connected', 'live']);
    expect(stream.connected).toMatchObject({ resumed: false, reason: 'new' });
    expect(stream.idOf('live')).toBe(cursor);
  });

  it('of a service follows everything, without counts', async () => {
    const item = await test.notify(['topic:x', 'user:ada']);
    const stream = await test.openLive(test.request(test.service()));
    expect(stream.connected).toMatchObject({ user: null, channels: ['*'], readOnly: false });
    expect(stream.state?.notifications).toEqual({ items: [item], nextCursor: null, unread: 0, unseen: 0 });
    await stream.has((await test.notify(['topic:x', 'user:ada'], 'y')).cursor);
    expect(stream.events[0]?.envelope).toMatchObject({
      channel: 'topic:x',
      data: { notification: { to: ['topic:x', 'user:ada'] } },
    });
  });
});

describe('a resume', () => {
  it('from memory brings what was missed and no more, without a question to the store', async () => {
    const reads: string[] = [];
    const busy = new TestHub(store, { read: ([name], on) => on(reads.push(name)) });
    const watcher = await busy.openLive(busy.request('ben'));
    const cursor = await busy.tell('user:ada', 1);
    const missed = [await busy.tell('user:ada', 2), await busy.tell('all', 3)];
    await busy.tell('user:ben', 4);
    await watcher.until(() => watcher.ids.length === 2);
    reads.length = 0;
    const stream = await busy.openLive(busy.request('ada', { cursor }));
    expect(stream.connected).toMatchObject({ resumed: true, reason: null });
    expect(stream.messages.map(({ event }) => event)).toEqual(['connected', undefined, undefined, 'live']);
    expect(stream.ids).toEqual(missed);
    expect(reads).toEqual([]);
    busy.close();
  });

  it('from memory is through in the step in which it was opened', async () => {
    await test.openLive(test.request('ben'));
    const cursor = await test.tell('user:ada', 1);
    const missed = [await test.tell('user:ada', 2), await test.tell(['user:ada', 'all'], 3)];
    const stream = test.open(test.request('ada', { cursor }));
    expect(stream.messages.map(({ event }) => event)).toEqual(['connected', undefined, undefined, 'live']);
    expect(stream.ids).toEqual(missed);
    const next = await test.tell('user:ada', 4);
    await stream.has(next);
    expect(stream.ids).toEqual([...missed, next]);
  });

  it('from memory gets what was taken from them in between up to there, and nothing of it after', async () => {
    await test.openLive(test.request('ben'));
    const ada = test.person('ada', { channels: ['topic:a'], issuedAt: 0 });
    const cursor = await test.tell('user:ada', 1);
    const before = await test.tell('topic:a', 2);
    await test.core.memberships.revoke(test.tenant, 'ada', 'topic:a');
    const after = await test.tell('topic:a', 3);
    const stream = await test.openLive(test.request(ada, { cursor }));
    expect(stream.connected).toMatchObject({ resumed: true });
    expect(stream.ids).toContain(before);
    expect(stream.ids).not.toContain(after);
    expect(stream.messages.map(({ event }) => event)).toContain('state');
  });

  it('from the store brings what was missed and no more, by channels', async () => {
    const cursor = await test.tell('user:ada', 1);
    const missed = [await test.tell('user:ada', 2)];
    await test.tellMany(1_000, 'user:ben');
    missed.push(await test.tell(['topic:x', 'all'], 3));
    const stream = await test.openLive(test.request('ada', { cursor }));
    expect(stream.connected).toMatchObject({ resumed: true });
    expect(stream.ids).toEqual(missed);
    expect(stream.events.at(-1)?.envelope.channel).toBe('all');
    expect(numberOf(stream.idOf('live') as string)).toBe(1_003);
  });

  it('at the head brings nothing and goes live', async () => {
    const cursor = await test.tell('user:ada');
    const stream = await test.openLive(test.request('ada', { cursor }));
    expect(stream.messages.map(({ event }) => event)).toEqual(['connected', 'live']);
    expect(stream.idOf('live')).toBe(cursor);
  });

  it('after the cursor of a publish that this hub has not heard of yet waits for nothing and doubles nothing', async () => {
    const held: (() => void)[] = [];
    const late = new TestHub(store, { announce: (events, on) => void held.push(() => on(events)) });
    await late.openLive(late.request('ben'));
    const cursor = await late.tell('user:ada', 1);
    const stream = await late.openLive(late.request('ada', { cursor }));
    expect(stream.connected.resumed).toBe(true);
    expect(stream.idOf('live')).toBe(cursor);
    const next = await late.tell('user:ada', 2);
    for (const announce of held) announce();
    await stream.has(next);
    expect(stream.ids).toEqual([next]);
    late.close();
  });

  it('that never was gets state, with the reason', async () => {
    const cursor = await test.tell('user:ada');
    const reasons = {
      garbage: 'unknown',
      '': 'unknown',
      '0': 'unknown',
      [changed(cursor, { n: 1_000 })]: 'unknown',
      [changed(cursor, { epoch: 'zz' })]: 'epoch',
      [changed(cursor, { check: 'zzzz' })]: 'epoch',
      [changed(cursor, { n: 0, check: 'zz' })]: 'epoch',
    };
    for (const [given, reason] of Object.entries(reasons)) {
      const stream = await test.openLive(test.request('ada', { cursor: given }));
      expect(stream.connected, given).toMatchObject({ resumed: false, reason });
      expect(stream.idOf('state'), given).toBe(cursor);
    }
  });

  it('of another access gets state, with the reason', async () => {
    const cursor = await test.tell('user:ada');
    const first = test.request('ada', { cursor });
    const access = accessHash(first);
    const same = await test.openLive({ ...first, access });
    expect(same.connected).toMatchObject({ resumed: true, access });
    const others = [
      test.request(test.person('ada', { roles: ['admin'] }), { cursor, access }),
      test.request(test.person('ada', { channels: ['topic:x'] }), { cursor, access }),
      test.request(test.person('ada', { channels: ['topic:x*'] }), { cursor, access }),
      test.request('ada', { cursor, access, channels: ['all'] }),
      test.request('ada', { cursor, access, filters: { types: ['a'] } }),
      test.request('ada', { cursor, access, filters: { events: ['a'] } }),
      test.request('ada', { cursor, access, filters: { events: [] } }),
    ];
    for (const request of others) {
      const stream = await test.openLive(request);
      expect(stream.connected).toMatchObject({ resumed: false, reason: 'access' });
      expect(stream.connected.access).not.toBe(access);
    }
  });

  it('of the same access in another order resumes', () => {
    const one = test.request(test.person('ada', { roles: ['a', 'b'] }), { filters: { types: ['x', 'y'] } });
    const two = test.request(test.person('ada', { roles: ['b', 'a'] }), { filters: { types: ['y', 'x'] } });
    expect(accessHash(one)).toBe(accessHash(two));
  });

  it('older than what is kept gets state, reason expired', async () => {
    const cursor = await test.tell('user:ada', 1);
    for (let n = 0; n < 4; n += 1) await test.tell('user:ada', n);
    store.advance(3_600_000);
    await test.tell('user:ada', 'new');
    await store.commit('retain', { maxAgeMs: 1_800_000, maxBytes: 1e9, limit: 1e6 });
    for (const given of [cursor, changed(cursor, { n: 0, check: '0' })]) {
      const stream = await test.openLive(test.request('ada', { cursor: given }));
      expect(stream.connected).toMatchObject({ resumed: false, reason: 'expired' });
    }
  });

  it('more than 10,000 events behind gets state, reason expired, and 10,000 of others do not count', async () => {
    const cursor = await test.tell('user:ada', 1);
    for (let n = 0; n < 10; n += 1) await test.tellMany(1_000, 'user:ben');
    const second = await test.tell('all', 2);
    const resumed = await test.openLive(test.request('ada', { cursor }));
    expect(resumed.connected.resumed).toBe(true);
    expect(resumed.ids).toEqual([second]);
    const behind = await test.openLive(test.request('ben', { cursor }));
    expect(behind.connected).toMatchObject({ resumed: false, reason: 'expired' });
  });

  it('with more channels than a replay may have gets state, reason expired', async () => {
    const cursor = await test.tell('user:ada');
    await test.tellMany(1_000, 'user:ben');
    const channels = Array.from({ length: LIMITS.replayChannels + 1 }, (_, n) => `topic:${n}`);
    const stream = await test.openLive(test.request(test.person('ada', { channels }), { cursor }));
    expect(stream.connected).toMatchObject({ resumed: false, reason: 'expired' });
  });

  it('of a device that asks for no state goes on from its last ack', async () => {
    const acked = await test.tell('user:ada', 1);
    const missed = await test.tell('user:ada', 2);
    const request = test.request('ada', { device: 'phone', wantsState: false });
    const reader = { tenant: test.tenant, user: 'ada', grants: request.grants, since: 0 };
    await test.core.inbox.ack(reader, 'phone', acked);
    const stream = await test.openLive(request);
    expect(stream.connected.resumed).toBe(true);
    expect(stream.ids).toEqual([missed]);
    const other = await test.openLive({ ...request, device: 'laptop' });
    expect(other.connected).toMatchObject({ resumed: false, reason: 'new' });
    const wanting = await test.openLive({ ...request, wantsState: true });
    expect(wanting.connected).toMatchObject({ resumed: false, reason: 'new' });
  });

  it('leaves out what was sent to all before their time, and nothing that was sent to them', async () => {
    const cursor = await test.tell('user:zoe', 0);
    await test.tell('all', 1);
    const named = [await test.tell(['all', 'user:ada'], 2), await test.tell('user:ada', 3)];
    store.advance(60_000);
    const since = store.now();
    const after = await test.tell('all', 4);
    const stream = await test.openLive(test.request(test.person('ada', { since: since - 1_000 }), { cursor }));
    expect(stream.ids).toEqual([...named, after]);
  });
});
