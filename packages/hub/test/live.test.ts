import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore, TestHub, type TestHubOptions, type TestStore } from './support/hub.ts';
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

/** Of a sink whose every part throws. */
const throwing = (error: Error): PropertyDescriptor => ({
  get: () => {
    throw error;
  },
});

const reader = (user: string) => ({ tenant: test.tenant, user, grants: test.request(user).grants, since: 0 });

describe('an event', () => {
  it('reaches who holds its channel, and nobody else', async () => {
    const ada = await test.openLive(test.request(test.person('ada', { roles: ['dev'] })));
    const ben = await test.openLive(test.request(test.person('ben', { channels: ['topic:p/*', 'topic:x'] })));
    const told: Record<string, string> = {};
    for (const channel of [
      'user:ada',
      'user:ben',
      'all',
      'role:dev',
      'topic:p/1',
      'topic:p',
      'topic:x',
      'topic:xy',
      'user:cy',
    ]) {
      told[channel] = await test.tell(channel);
    }
    const last = await test.tell('all');
    await Promise.all([ada.has(last), ben.has(last)]);
    expect(ada.ids).toEqual([told['user:ada'], told.all, told['role:dev'], last]);
    expect(ben.ids).toEqual([told['user:ben'], told.all, told['topic:p/1'], told['topic:x'], last]);
  });

  it('does not cross tenants', async () => {
    const other = new TestHub(store);
    const stream = await test.openLive(test.request('ada'));
    const service = await test.openLive(test.request(test.service()));
    await other.tell(['user:ada', 'all']);
    const own = await test.tell('user:ada');
    await Promise.all([stream.has(own), service.has(own)]);
    expect(stream.ids).toEqual([own]);
    expect(service.ids).toEqual([own]);
    other.close();
  });

  it('published to several channels comes once, by the first of them that the reader holds', async () => {
    const prefixed = test.person('ada', { channels: ['topic:p/*', 'topic:*', 'topic:p/1'] });
    const streams = [
      await test.openLive(test.request(prefixed)),
      await test.openLive(test.request('ben')),
      await test.openLive(test.request(test.service())),
    ];
    const told = await test.tell(['topic:p/1', 'all', 'user:ada', 'user:ben', 'topic:p/1']);
    const last = await test.tell('all');
    for (const stream of streams) {
      await stream.has(last);
      expect(stream.ids).toEqual([told, last]);
    }
    expect(streams.map(({ events }) => events[0]?.envelope.channel)).toEqual(['topic:p/1', 'all', 'topic:p/1']);
  });

  it('is the same bytes for all who have it by one channel, encoded once', async () => {
    const streams = await Promise.all(['ada', 'ben', 'cy'].map((user) => test.openLive(test.request(user))));
    await Promise.all(streams.map(async (stream) => stream.has(await test.tell('all', 'shared'))));
    const lastPieces = streams.map(({ sink }) => sink.writes.at(-1));
    expect(new Set(lastPieces).size).toBe(1);
  });

  it.each([[['write']], [['buffered']], [['write', 'destroy']]])(
    'reaches the others where a sink throws (%o), and its stream alone ends, with nothing behind the hole',
    async (parts) => {
      const failed: unknown[] = [];
      test = new TestHub(store, { observer: { failed: (_, error) => failed.push(error) } });
      const streams = [];
      for (const user of ['ada', 'ben', 'cy']) streams.push(await test.openLive(test.request(user)));
      const [ada, ben, cy] = streams as [TestStream, TestStream, TestStream];
      await test.tell('all');
      const broken = new Error('the sink is broken');
      const before = ben.sink.writes.length;
      for (const part of parts) Object.defineProperty(ben.sink, part, throwing(broken));
      const [told, last] = [await test.tell('all', 1), await test.tell('all', 2)];
      await Promise.all([ada.has(last), cy.has(last), ben.until(() => ben.isClosed)]);
      for (const stream of [ada, cy]) expect(stream.ids.slice(-2)).toEqual([told, last]);
      expect(ben.sink.writes.length - before).toBeLessThanOrEqual(1);
      expect(new Set(failed)).toEqual(new Set([broken]));
      expect(test.hub.stats.streams).toBe(2);
    },
  );

  it('that was gathered and not written when its reader went does not count as sent', async () => {
    let andThen = () => {};
    test = new TestHub(store, {
      announce: (events, on) => {
        on(events);
        andThen();
      },
    });
    const closed = vi.spyOn(test.core.presence, 'closed');
    const [ada, ben] = [await test.openLive(test.request('ada')), await test.openLive(test.request('ben'))];
    const told = await test.tell('all');
    await Promise.all([ada.has(told), ben.has(told)]);
    andThen = () => ada.handle.gone();
    const last = await test.tell('all');
    ben.handle.close('drain');
    await ben.until(() => ben.isClosed);
    expect(ada.ids).toEqual([told]);
    expect(closed.mock.calls.map(([{ user }, n]) => [user, n])).toEqual([
      ['ada', numberOf(told)],
      ['ben', numberOf(last)],
    ]);
  });

  it('comes after a stream whose sink throws at its end, which is dropped', async () => {
    const [ada, ben] = [await test.openLive(test.request('ada')), await test.openLive(test.request('ben'))];
    Object.defineProperty(ben.sink, 'end', throwing(new Error('the sink is broken')));
    test.hub.closeWhere((principal) => principal.kind === 'person' && principal.user === 'ben', 'access');
    await Promise.all([ada.has(await test.tell('all')), ben.until(() => ben.isClosed)]);
    expect(ben.sink.isDestroyed).toBe(true);
  });

  it('of one turn goes out in one write a socket, the same joined bytes for all', async () => {
    const streams = await Promise.all(['ada', 'ben', 'cy'].map((user) => test.openLive(test.request(user))));
    const before = streams.map(({ sink }) => sink.writes.length);
    const items = await test.tellMany(50, 'all');
    await Promise.all(streams.map((stream) => stream.has(items.at(-1)?.cursor as string)));
    expect(streams.map(({ sink }, at) => sink.writes.length - (before[at] as number))).toEqual([1, 1, 1]);
    expect(new Set(streams.map(({ sink }) => sink.writes.at(-1))).size).toBe(1);
  });

  it('that is committed with others is handed on with them, to each reader in the order of the log', async () => {
    const lots: number[] = [];
    const answered: number[] = [];
    const announce: TestHubOptions['announce'] = (events, on) => {
      lots.push(events.length);
      expect(answered).toEqual([]);
      on(events);
    };
    const together = new TestHub(store, { announce });
    const requests = [
      together.request(together.person('ada', { channels: ['topic:p/*'] })),
      together.request(together.person('cy', { channels: ['topic:p/*'] }), { channels: ['topic:p/1'] }),
      together.request(together.person('ben', { roles: ['dev'] })),
      together.request(together.service()),
    ];
    const streams = await Promise.all(requests.map((request) => together.openLive(request)));
    const some = ['all', 'all', ['all', 'topic:p/1'], 'user:ada', ['user:ben', 'all'], 'user:ben', 'role:dev'];
    const told = [...some, 'topic:p/1', 'topic:p/1', ...some, ['all', 'topic:p/1']];
    await Promise.all(told.map(async (to, at) => answered.push((await together.tell(to, at)).length)));
    expect(lots).toEqual([told.length]);
    answered.length = 0;
    const last = await together.tell(['all', 'topic:p/1']);
    await Promise.all(streams.map((stream) => stream.has(last)));
    for (const [at, { grants }] of requests.entries()) expect(streams[at]?.ids).toEqual(await together.stored(grants));
    together.close();
  });

  it('of an app comes as it was, whatever is in it and whatever it is called', async () => {
    const stream = await test.openLive(test.request('ada'));
    const data = { text: 'a\r\nb\0\u2028\ud800 data: x\n\nevent: closing', '}}': [] };
    const told = await test.tell('user:ada', data, 'constructor');
    await stream.has(told);
    expect(stream.events[0]?.envelope).toMatchObject({ type: 'constructor', channel: 'user:ada', data });
    expect(stream.closing).toBeNull();
  });
});

describe('narrowed channels', () => {
  it('leave the others out, live, in state and on resume', async () => {
    const ada = test.person('ada', { channels: ['topic:p/*'] });
    const start = await test.tell('user:ada');
    const item = await test.notify('topic:p/1');
    await test.notify('user:ada');
    const request = test.request(ada, { channels: ['topic:p/1'] });
    const stream = await test.openLive(request);
    expect(stream.connected.channels).toEqual(['topic:p/1']);
    expect(stream.state?.notifications.items.map(({ id }) => id)).toEqual([item.id]);
    await test.tell(['user:ada', 'all']);
    const next = await test.tell(['user:ada', 'topic:p/1']);
    await stream.has(next);
    expect(stream.ids).toEqual([next]);
    expect(stream.events[0]?.envelope.channel).toBe('topic:p/1');
    const resumed = await test.openLive({ ...request, cursor: start });
    expect(resumed.ids).toEqual([item.cursor, next]);
  });

  it('can not be more than are held', () => {
    const ada = test.person('ada', { channels: ['topic:p/*'] });
    for (const channels of [['user:ben'], ['all', 'role:admin'], ['topic:*'], ['topic:q'], ['topic:p*']]) {
      expect(() => test.request(ada, { channels })).toThrow('You have no access to');
    }
    expect(test.request(ada, { channels: ['topic:p/q/*', 'all'] }).grants).toEqual({
      everything: false,
      exact: ['all'],
      prefixes: ['topic:p/q/'],
    });
  });

  it('of none carry nothing', async () => {
    const stream = await test.openLive(test.request('ada', { channels: [] }));
    const watcher = await test.openLive(test.request('ada'));
    await watcher.has(await test.tell(['user:ada', 'all']));
    expect(stream.ids).toEqual([]);
    expect(stream.state?.notifications.items).toEqual([]);
  });
});

describe('filters', () => {
  it('of events leave only those, live and on resume, and the position moves on all the same', async () => {
    const filters = { events: ['build.*', 'notification.withdrawn'] };
    const stream = await test.openLive(test.request('ada', { filters }));
    const start = await test.tell('user:ada', 0, 'chat.said');
    const item = await test.notify('user:ada');
    const built = await test.tell('user:ada', 0, 'build.done');
    await test.core.notifications.withdraw(test.tenant, item.id);
    await stream.until(() => stream.ids.length === 2);
    expect(stream.events.map(({ envelope }) => envelope.type)).toEqual(['build.done', 'notification.withdrawn']);
    expect(stream.ids[0]).toBe(built);
    const resumed = await test.openLive(test.request('ada', { filters, cursor: start }));
    expect(resumed.ids).toEqual(stream.ids);
    const skipped = await test.tell('user:ada', 0, 'chat.said');
    const later = await test.openLive(test.request('ada', { filters, cursor: stream.lastId }));
    expect(later.ids).toEqual([]);
    expect(later.idOf('live')).toBe(skipped);
  });

  it('of types hold for notifications, their edits, state and counts, and for nothing else', async () => {
    const kept = await test.notify('user:ada', 'kept', { type: 'build.failed' });
    await test.notify('user:ada', 'out', { type: 'comment' });
    const filters = { types: ['build.*'] };
    const stream = await test.openLive(test.request('ada', { filters }));
    expect(stream.state?.notifications).toMatchObject({ unread: 1, unseen: 1 });
    expect(stream.state?.notifications.items.map(({ id }) => id)).toEqual([kept.id]);
    const out = await test.notify('user:ada', 'out', { type: 'comment' });
    await test.core.notifications.edit(test.tenant, out.id, { title: 'still out' });
    const next = await test.notify('user:ada', 'kept', { type: 'build.done' });
    await test.core.notifications.edit(test.tenant, next.id, { title: 'edited' });
    const told = await test.tell('user:ada');
    await stream.has(told);
    expect(stream.events.map(({ envelope }) => envelope.type)).toEqual([
      'notification.created',
      'notification.updated',
      'test.told',
    ]);
  });

  it('of types give marks with the counts of those types, in order with the rest, live and on resume', async () => {
    const items = [];
    for (const type of ['a', 'a', 'b', 'b', 'b']) items.push(await test.notify('user:ada', 'x', { type }));
    const filters = { types: ['a'] };
    const filtered = await test.openLive(test.request('ada', { filters }));
    const whole = await test.openLive(test.request('ada'));
    await test.core.inbox.mark(reader('ada'), [(items[0] as { id: string }).id], 'read');
    const last = await test.tell('user:ada');
    await Promise.all([filtered.has(last), whole.has(last)]);
    expect(whole.events[0]?.envelope).toMatchObject({ type: 'notification.state', data: { unread: 4, unseen: 4 } });
    expect(filtered.events[0]?.envelope).toMatchObject({
      type: 'notification.state',
      data: { mark: 'read', unread: 1, unseen: 1 },
    });
    expect(filtered.ids).toEqual(whole.ids);
    const resumed = await test.openLive(test.request('ada', { filters, cursor: items.at(-1)?.cursor as string }));
    // Own counts say where they stand, which is further on by now.
    const data = { ...(filtered.events[0]?.envelope.data as object), countsAt: expect.any(String) };
    expect(resumed.events.slice(1)).toEqual(filtered.events.slice(1));
    expect(resumed.events[0]).toMatchObject({ ...filtered.events[0], envelope: { data } });
  });

  it('of types and many marks keep every event, once and in order', async () => {
    const items = await test.tellMany(40, 'user:ada');
    const filtered = await test.openLive(test.request('ada', { filters: { types: ['note'] } }));
    const whole = await test.openLive(test.request('ada'));
    const work: Promise<unknown>[] = [];
    for (const [at, { id }] of items.entries()) {
      work.push(test.core.inbox.mark(reader('ada'), [id], 'read'), test.tell('user:ada', at));
      if (at % 7 === 0) await work.at(-1);
    }
    await Promise.all(work);
    const last = await test.tell('user:ada', 'last');
    await Promise.all([filtered.has(last), whole.has(last)]);
    expect(filtered.ids).toEqual(whole.ids);
    expect(whole.ids).toEqual((await test.stored(test.request('ada').grants)).slice(40));
  });
});
