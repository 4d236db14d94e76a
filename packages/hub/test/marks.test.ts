import type { Reader } from '@belfry/core';
import { type MarkChange, parseCursor, type StateFrame } from '@belfry/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StreamRequest } from '../src/index.ts';
import { openStore, TestHub, type TestStore } from './support/hub.ts';
import { numberOf, type TestStream } from './support/stream.ts';

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

const roles = (...names: string[]) => test.person('ada', { roles: names });
const reader = (request: StreamRequest): Reader => ({
  tenant: test.tenant,
  user: 'ada',
  grants: request.grants,
  since: 0,
});
const whole = () => reader(test.request(roles('dev')));
const changes = (stream: TestStream) =>
  stream.events
    .filter(({ envelope }) => envelope.type === 'notification.state')
    .map(({ envelope }) => envelope.data as unknown as MarkChange);
const never = new AbortController().signal;
const poll = (request: StreamRequest) => test.hub.poll(request, 10_000, never);

describe('the marks of a person', () => {
  it.each([
    ['memory', 1e9],
    ['the store', 1],
  ])('reach a stream that was narrowed to other channels, live and by a resume from %s', async (_, ringBytes) => {
    test.close();
    test = new TestHub(store, { settings: { ringBytes } });
    const request = test.request(roles('dev'), { channels: ['role:dev'] });
    const items = [await test.notify('role:dev'), await test.notify('role:dev'), await test.notify('user:ada')];
    const stream = await test.openLive(request);
    expect(stream.connected.channels).toEqual(['role:dev']);
    await test.core.inbox.mark(whole(), [items[0]?.id as string], 'read');
    const last = await test.tell('role:dev');
    await stream.has(last);
    expect(changes(stream)).toMatchObject([{ ids: [items[0]?.id], mark: 'read', unread: 1, unseen: 1 }]);
    expect(stream.events[0]?.envelope.channel).toBe('user:ada');
    const resumed = await test.openLive({ ...request, cursor: items[2]?.cursor as string });
    expect(resumed.connected.resumed).toBe(true);
    expect(resumed.ids).toEqual(stream.ids);
  });

  it.each([
    ['memory', 1e9],
    ['the store', 1],
  ])('bring nothing to a stream of somebody else that resumes past them, from %s', async (_, ringBytes) => {
    test.close();
    test = new TestHub(store, { settings: { ringBytes } });
    const items = [await test.notify('role:dev'), await test.notify('role:dev')];
    await test.core.inbox.markUpTo(whole(), 'read', {});
    const last = await test.tell('role:dev');
    const ben = test.request(test.person('ben', { roles: ['dev', 'ops'] }), { cursor: items[0]?.cursor as string });
    const resumed = await test.openLive(ben);
    expect(resumed.ids).toEqual([items[1]?.cursor, last]);
    expect(resumed.state).toBeNull();
  });

  it('reach a narrowed poll, also one that waits', async () => {
    const item = await test.notify('role:dev');
    const request = test.request(roles('dev'), { channels: ['role:dev'], cursor: item.cursor });
    const answering = poll(request);
    await test.core.inbox.mark(whole(), [item.id], 'read');
    const expected = [{ type: 'notification.state', data: { ids: [item.id], unread: 0 } }];
    expect((await answering).events).toMatchObject(expected);
    expect((await poll(request)).events).toMatchObject(expected);
  });

  it('bring nothing else of the own channel along, live or on resume', async () => {
    const request = test.request(roles('dev'), { channels: ['role:dev'] });
    const stream = await test.openLive(request);
    const start = await test.tell('role:dev');
    const item = await test.notify('user:ada');
    await test.core.notifications.edit(test.tenant, item.id, { title: 'edited' });
    await test.core.notifications.withdraw(test.tenant, item.id);
    await test.tell(['user:ada', 'all']);
    const both = await test.tell(['user:ada', 'role:dev']);
    await stream.has(both);
    expect(stream.ids).toEqual([start, both]);
    expect(stream.events[1]?.envelope.channel).toBe('role:dev');
    const resumed = await test.openLive({ ...request, cursor: start });
    expect(resumed.ids).toEqual([both]);
    expect((await poll({ ...request, cursor: start })).events.map(({ id }) => id)).toEqual([both]);
  });

  it('are left out where ?events= leaves them out, and never reach another person', async () => {
    const item = await test.notify(['role:dev', 'user:ada']);
    const filtered = await test.openLive(
      test.request(roles('dev'), { channels: ['role:dev'], filters: { events: ['test.*'] } }),
    );
    const ben = await test.openLive(test.request(test.person('ben', { roles: ['dev'] }), { channels: ['role:dev'] }));
    await test.core.inbox.mark(whole(), [item.id], 'read');
    const last = await test.tell('role:dev');
    await Promise.all([filtered.has(last), ben.has(last)]);
    expect(filtered.ids).toEqual([last]);
    expect(ben.ids).toEqual([last]);
  });

  it('reach a stream whose token looks back less far than the mark is old', async () => {
    const item = await test.notify('user:ada');
    const request = test.request(test.person('ada', { since: store.now() + 60_000 }), { channels: ['all'] });
    const stream = await test.openLive(request);
    await test.core.inbox.mark(whole(), [item.id], 'read');
    await stream.until(() => changes(stream).length === 1);
  });

  it('cost a reader of as many channels as may be resumed no resume', async () => {
    test.close();
    test = new TestHub(store, { settings: { ringBytes: 1 } });
    const names = Array.from({ length: 256 }, (_, index) => `topic:${index}`);
    const cursor = await test.tell('topic:1');
    const told = [await test.tell('topic:2'), await test.tell('topic:3')];
    const request = test.request(test.person('ada', { channels: names }), { channels: names, cursor });
    const stream = await test.openLive(request);
    expect(stream.connected).toMatchObject({ resumed: true });
    expect(stream.ids).toEqual(told);
  });

  it('come with own counts that say where they stand, and those of the own scope without', async () => {
    const items = [await test.notify('role:dev'), await test.notify('role:dev')];
    const narrow = await test.openLive(test.request(roles('dev'), { channels: ['role:dev'] }));
    const same = await test.openLive(test.request(roles('dev')));
    await test.core.inbox.mark(whole(), [items[0]?.id as string], 'read');
    const last = await test.tell('role:dev');
    await Promise.all([narrow.has(last), same.has(last)]);
    const at = changes(narrow)[0]?.countsAt as string;
    expect(numberOf(at)).toBeGreaterThanOrEqual(numberOf(narrow.ids[0] as string));
    expect((await test.stored())[numberOf(at) - 1]).toBe(at);
    expect(changes(same)[0]).not.toHaveProperty('countsAt');
  });

  it('are counted anew where the token’s since is another', async () => {
    const since = store.now() + 60_000;
    const item = await test.notify('user:ada');
    await test.notify('all');
    const late = await test.openLive(test.request(test.person('ada', { since })));
    await test.core.inbox.mark(reader(test.request('ada')), [item.id], 'read');
    await late.until(() => changes(late).length === 1);
    expect(changes(late)).toMatchObject([{ unread: 0, unseen: 0 }]);
  });
});

describe('a mark up to a point by a device of other grants', () => {
  const states = (stream: TestStream) =>
    stream.messages.filter(({ event }) => event === 'state').map(({ id, data }) => ({ id, ...JSON.parse(data) }));
  const unread = (state: StateFrame) => state.notifications.items.filter(({ readAt }) => readAt === null).length;

  it('is followed by a fresh state, with nothing lost before it and nothing twice after it', async () => {
    await test.notify('role:dev');
    await test.notify('user:ada');
    const desk = await test.openLive(test.request(roles('dev')));
    const phone = await test.openLive(test.request('ada'));
    await test.core.inbox.markUpTo(reader(test.request('ada')), 'read', {});
    const last = await test.tell('all');
    await Promise.all([desk.has(last), phone.has(last)]);
    await desk.until(() => states(desk).length === 2);
    const [, fresh] = states(desk);
    expect(fresh.notifications).toMatchObject({ unread: 1, unseen: 1 });
    expect(unread(fresh)).toBe(1);
    expect(changes(desk)).toMatchObject([{ mark: 'read', unread: 1, unseen: 1 }]);
    expect(desk.ids).toEqual(phone.ids);
    expect(states(phone)).toHaveLength(1);
  });

  it('loses no event that was published while the state was read', async () => {
    test.close();
    let between: (() => Promise<unknown>) | null = null;
    test = new TestHub(store, {
      read: async ([name], on) => {
        const step = name === 'state' ? between : null;
        if (step !== null) between = null;
        await step?.();
        return on();
      },
    });
    await test.notify('role:dev');
    await test.notify('user:ada');
    const desk = await test.openLive(test.request(roles('dev')));
    const told: string[] = [];
    between = async () => {
      for (const to of ['user:ben', 'role:dev', 'user:ben']) told.push(await test.tell(to));
    };
    await test.core.inbox.markUpTo(reader(test.request('ada')), 'read', {});
    await desk.until(() => states(desk).length === 2);
    const id = states(desk)[1]?.id as string;
    expect(numberOf(id)).toBe(numberOf(told[2] as string));
    expect(desk.ids.slice(1)).toEqual([told[1]]);
    // A position of its own goes before it, so that nobody takes the state for a leap over what they did not get.
    expect(desk.heartbeats.map((heartbeat) => heartbeat.id)).toContain(`${id}-s`);
    const last = await test.tell('role:dev');
    await desk.has(last);
    expect(desk.ids.slice(1)).toEqual([told[1], last]);
  });

  it.each([
    ['memory', 1e9],
    ['the store', 1],
  ])('is followed by one on a resume from %s too', async (_, ringBytes) => {
    test.close();
    test = new TestHub(store, { settings: { ringBytes } });
    await test.notify('role:dev');
    const item = await test.notify('user:ada');
    await test.core.inbox.markUpTo(reader(test.request('ada')), 'read', {});
    const later = [await test.tell('role:dev'), await test.tell('user:ben')];
    const stream = await test.openLive(test.request(roles('dev'), { cursor: item.cursor }));
    expect(stream.connected.resumed).toBe(true);
    expect(stream.ids.slice(1)).toEqual([later[0]]);
    expect(states(stream)).toMatchObject([{ id: later[1], notifications: { unread: 1 } }]);
    expect(stream.idOf('live')).toBe(later[1]);
  });

  it('is the event alone for who wants no state, or wants no marks', async () => {
    await test.notify('role:dev');
    await test.notify('user:ada');
    const none = await test.openLive(test.request(roles('dev'), { wantsState: false }));
    const filtered = await test.openLive(test.request(roles('dev'), { filters: { events: ['test.*'] } }));
    await test.core.inbox.markUpTo(reader(test.request('ada')), 'read', {});
    const last = await test.tell('all');
    await Promise.all([none.has(last), filtered.has(last)]);
    expect(changes(none)).toMatchObject([{ mark: 'read', unread: 1 }]);
    expect(states(none)).toEqual([]);
    expect(states(filtered)).toHaveLength(1);
    expect(filtered.ids).toEqual([last]);
  });

  it('ends a poll before it, and makes the next one start anew', async () => {
    await test.notify('role:dev');
    const item = await test.notify('user:ada');
    const told = await test.tell('user:ada');
    await test.core.inbox.markUpTo(reader(test.request('ada')), 'read', {});
    const request = test.request(roles('dev'), { cursor: item.cursor });
    const first = await poll(request);
    expect(first).toMatchObject({ resumed: true, events: [{ id: told }], cursor: told });
    const second = await poll({ ...request, cursor: first.cursor });
    expect(second).toMatchObject({ resumed: false, reason: 'access', state: { notifications: { unread: 1 } } });
    expect(parseCursor(second.cursor)?.n).toBe(4);
    expect((await test.hub.poll({ ...request, cursor: second.cursor }, 0, never)).events).toEqual([]);
    const plain = await poll({ ...request, wantsState: false, cursor: told });
    expect(plain).toMatchObject({ resumed: true, events: [{ type: 'notification.state', data: { unread: 1 } }] });
  });
});
