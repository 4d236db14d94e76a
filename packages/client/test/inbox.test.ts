import { expect, test } from 'vitest';
import { type Belfry, type BelfryOptions, createBelfry } from '../src/index.ts';
import { ManualEnvironment } from './support/manual-environment.ts';
import { event, notification } from './support/model-inbox.ts';
import { afterTest, cursor, type Exchange, type ScriptedServer, startServer } from './support/scripted-server.ts';
import { until } from './support/until.ts';

interface Opened {
  belfry: Belfry;
  environment: ManualEnvironment;
  server: ScriptedServer;
  stream: Exchange;
}

const TWO = { items: [notification(2), notification(1)], unread: 2, unseen: 2 };

/** A client that is live, with two unread items or with `page`. */
async function open(page: object = TWO, frame: object = {}, options: Partial<BelfryOptions> = {}): Promise<Opened> {
  const server = await startServer();
  const environment = new ManualEnvironment();
  const belfry = createBelfry({ url: server.url, environment, ...options });
  afterTest(() => belfry.stop());
  belfry.start();
  const stream = await server.next();
  stream.connect(frame).state(10, page).live(10);
  await until(belfry.inbox, ({ status }) => status === 'live');
  return { belfry, environment, server, stream };
}

const shown = ({ inbox }: Belfry) => {
  const { items, unread, unseen } = inbox.getSnapshot();
  return { ids: items.map(({ id }) => id), read: items.map(({ readAt }) => readAt !== null), unread, unseen };
};

test('before the first state it is loading, after it holds the items and counts', async () => {
  const server = await startServer();
  const belfry = createBelfry({ url: server.url });
  expect(belfry.inbox.getSnapshot()).toMatchObject({ items: [], unread: 0, loading: true, status: 'idle' });
  const opened = await open();
  const snapshot = opened.belfry.inbox.getSnapshot();
  expect(snapshot).toMatchObject({ loading: false, status: 'live', readOnly: false, error: null, nextCursor: null });
  expect(shown(opened.belfry)).toEqual({ ids: ['i2', 'i1'], read: [false, false], unread: 2, unseen: 2 });
  expect(opened.belfry.inbox.getSnapshot()).toBe(snapshot);
});

test('events change it: created, updated, withdrawn, and marks from another device', async () => {
  const { belfry, stream } = await open();
  const first = belfry.inbox.getSnapshot().items[1];
  stream.message(11, event('notification.created', { notification: notification(11) }));
  await until(belfry.inbox, ({ unread }) => unread === 3);
  expect(shown(belfry)).toMatchObject({ ids: ['i11', 'i2', 'i1'], unread: 3, unseen: 3 });
  stream.message(12, event('notification.state', { ids: ['i2'], mark: 'read', at: 't', unread: 2, unseen: 2 }));
  await until(belfry.inbox, ({ unread }) => unread === 2);
  const { seenAt, readAt, archivedAt, ...content } = notification(2, { title: 'New', channel: 'all' });
  stream.message(13, event('notification.updated', { notification: content }));
  await until(belfry.inbox, ({ items }) => items[1]?.title === 'New');
  expect(belfry.inbox.getSnapshot().items[1]).toMatchObject({ channel: 'user:42', readAt: 't', seenAt: 't' });
  stream.message(14, event('notification.withdrawn', { id: 'i11' }));
  await until(belfry.inbox, ({ items }) => items.length === 2);
  expect(shown(belfry)).toMatchObject({ unread: 1, unseen: 1 });
  expect(belfry.inbox.getSnapshot().items[1]).toBe(first);
});

test('a mark shows before the server has answered, and its echo does not count twice', async () => {
  const { belfry, server, stream } = await open();
  const taken = belfry.inbox.read('i2');
  expect(shown(belfry)).toEqual({ ids: ['i2', 'i1'], read: [true, false], unread: 1, unseen: 1 });
  const request = await server.next('/v1/inbox/marks');
  expect(request.body).toEqual({ ids: ['i2'], mark: 'read' });
  request.answer(204);
  expect(await taken).toBe(true);
  expect(shown(belfry)).toMatchObject({ read: [true, false], unread: 1 });
  stream.message(11, event('notification.state', { ids: ['i2'], mark: 'read', at: 't', unread: 1, unseen: 1 }));
  await until(belfry.inbox, ({ items }) => items[0]?.readAt === 't');
  expect(shown(belfry)).toMatchObject({ unread: 1, unseen: 1 });
});

test('a mark that the server refuses is taken back, with the reason', async () => {
  const { belfry, server } = await open();
  const taken = belfry.inbox.archive('i2');
  expect(shown(belfry)).toMatchObject({ ids: ['i1'], unread: 1, unseen: 1 });
  (await server.next('/v1/inbox/marks')).problem(429, 'rate_limited');
  expect(await taken).toBe(false);
  expect(shown(belfry)).toEqual({ ids: ['i2', 'i1'], read: [false, false], unread: 2, unseen: 2 });
  expect(belfry.inbox.getSnapshot().error).toMatchObject({ code: 'rate_limited', status: 429 });
  const again = belfry.inbox.archive('i2');
  expect(belfry.inbox.getSnapshot().error).toBeNull();
  (await server.next('/v1/inbox/marks')).answer(204);
  await again;
});

test('a mark whose answer was lost stays, if its event has come', async () => {
  const { belfry, server, stream } = await open();
  const taken = belfry.inbox.read('i2');
  const request = await server.next('/v1/inbox/marks');
  stream.message(11, event('notification.state', { ids: ['i2'], mark: 'read', at: 't', unread: 1, unseen: 1 }));
  await until(belfry.inbox, ({ items }) => items[0]?.readAt === 't');
  request.cut();
  expect(await taken).toBe(true);
  expect(shown(belfry)).toMatchObject({ read: [true, false], unread: 1 });
  expect(belfry.inbox.getSnapshot().error).toBeNull();
});

test('what arrives while a mark is under way is kept, whatever becomes of the mark', async () => {
  const { belfry, server, stream } = await open();
  const taken = belfry.inbox.readAll();
  expect(shown(belfry)).toMatchObject({ unread: 0, unseen: 0 });
  const request = await server.next('/v1/inbox/read-all');
  expect(request.body).toEqual({ upTo: cursor(10) });
  stream.message(11, event('notification.created', { notification: notification(11) }));
  await until(belfry.inbox, ({ items }) => items.length === 3);
  expect(shown(belfry)).toMatchObject({ read: [false, true, true], unread: 1, unseen: 1 });
  request.problem(503, 'unavailable');
  expect(await taken).toBe(false);
  expect(shown(belfry)).toMatchObject({ read: [false, false, false], unread: 3, unseen: 3 });
});

test('marks go out one after the other, so two of one item end as the person left them', async () => {
  const { belfry, server } = await open({ ...TWO, nextCursor: 'p2' });
  const read = belfry.inbox.read('i2');
  const unread = belfry.inbox.unread('i2');
  expect(shown(belfry)).toMatchObject({ read: [false, false], unread: 2 });
  const first = await server.next('/v1/inbox/marks');
  expect(first.body).toMatchObject({ mark: 'read' });
  // A request that goes out later comes before the second mark does.
  const loaded = belfry.inbox.loadMore();
  (await server.next('/v1/inbox')).answer(200, { items: [], nextCursor: null });
  await loaded;
  expect(server.untaken).toEqual([]);
  first.answer(204);
  await read;
  const second = await server.next('/v1/inbox/marks');
  expect(second.body).toMatchObject({ mark: 'unread' });
  second.answer(204);
  expect(await unread).toBe(true);
  expect(shown(belfry)).toMatchObject({ read: [false, false], unread: 2 });
});

test('what is shown like that already is not asked for', async () => {
  const { belfry, server } = await open({ items: [notification(1, { seenAt: 't' })], unread: 1, unseen: 0 });
  expect(await belfry.inbox.seen(['i1'])).toBe(true);
  expect(await belfry.inbox.seenAll()).toBe(true);
  expect(server.untaken).toEqual([]);
});

test('a read-only principal sends no marks and is told why', async () => {
  const { belfry, server } = await open(TWO, { readOnly: true });
  expect(belfry.inbox.getSnapshot().readOnly).toBe(true);
  expect(await belfry.inbox.read('i2')).toBe(false);
  expect(await belfry.inbox.readAll()).toBe(false);
  expect(belfry.inbox.getSnapshot().error).toMatchObject({ code: 'forbidden' });
  expect(server.untaken).toEqual([]);
});

test('counts at the cap mean or more, until the server says a number', async () => {
  const { belfry, server, stream } = await open({ ...TWO, unread: 1_000, unseen: 1_000 });
  const taken = belfry.inbox.read('i2');
  expect(shown(belfry)).toMatchObject({ unread: 1_000, unseen: 1_000 });
  (await server.next('/v1/inbox/marks')).answer(204);
  await taken;
  stream.message(11, event('notification.state', { ids: ['i2'], mark: 'read', at: 't', unread: 999, unseen: 999 }));
  await until(belfry.inbox, ({ unread }) => unread === 999);
  stream.message(12, event('notification.created', { notification: notification(12) }));
  await until(belfry.inbox, ({ unread }) => unread === 1_000);
});

test('a mark of everything of some types, from here and from elsewhere', async () => {
  const items = [notification(3, { type: 'build.failed' }), notification(2), notification(1, { type: 'build.done' })];
  const { belfry, server, stream } = await open({ items, unread: 3, unseen: 3 });
  const taken = belfry.inbox.readAll({ types: ['build.*'] });
  expect(shown(belfry)).toMatchObject({ read: [true, false, true], unread: 1, unseen: 1 });
  const request = await server.next('/v1/inbox/read-all');
  expect(request.body).toEqual({ upTo: cursor(10), types: ['build.*'] });
  request.answer(204);
  await taken;
  const change = { ids: [], upTo: cursor(2), types: ['comm*'], mark: 'archived', at: 't', unread: 0, unseen: 0 };
  stream.message(12, event('notification.state', change));
  await until(belfry.inbox, ({ unread }) => unread === 0);
  expect(shown(belfry).ids).toEqual(['i3', 'i1']);
});

test('older pages are added, with what happened to their items since they were asked for', async () => {
  const { belfry, server, stream } = await open({ ...TWO, unread: 4, unseen: 4, nextCursor: 'p2' });
  const loaded = belfry.inbox.loadMore();
  expect(belfry.inbox.getSnapshot().loading).toBe(true);
  expect(await belfry.inbox.loadMore()).toBe(false);
  const request = await server.next('/v1/inbox');
  expect(Object.fromEntries(request.query)).toEqual({ cursor: 'p2' });
  stream.message(11, event('notification.state', { ids: ['i0'], mark: 'read', at: 't', unread: 3, unseen: 3 }));
  stream.message(12, event('notification.created', { notification: notification(12) }));
  await until(belfry.inbox, ({ items }) => items.length === 3);
  const old = [notification(0), notification(-1, { cursor: cursor(0) })];
  request.answer(200, { items: old, unread: 4, unseen: 4, nextCursor: null });
  expect(await loaded).toBe(true);
  expect(belfry.inbox.getSnapshot()).toMatchObject({ loading: false, nextCursor: null, unread: 4 });
  expect(shown(belfry).read).toEqual([false, false, false, true, false]);
});

test('a page that continues a list which a new state has replaced is left out', async () => {
  const { belfry, server, stream } = await open({ ...TWO, nextCursor: 'p2' });
  const loaded = belfry.inbox.loadMore();
  const request = await server.next('/v1/inbox');
  stream.state(20, { items: [notification(20)], unread: 1, unseen: 1, nextCursor: 'p9' });
  await until(belfry.inbox, ({ items }) => items.length === 1);
  request.answer(200, { items: [notification(0)], unread: 2, unseen: 2, nextCursor: null });
  expect(await loaded).toBe(false);
  expect(belfry.inbox.getSnapshot()).toMatchObject({ nextCursor: 'p9', loading: false });
  expect(shown(belfry).ids).toEqual(['i20']);
});

test('an item that comes back from the archive elsewhere is fetched', async () => {
  const { belfry, server, stream } = await open();
  stream.message(11, event('notification.state', { ids: ['i7'], mark: 'unarchived', at: 't', unread: 3, unseen: 2 }));
  (await server.next('/v1/inbox/i7')).answer(200, notification(7, { seenAt: 't' }));
  await until(belfry.inbox, ({ items }) => items.length === 3);
  expect(shown(belfry)).toMatchObject({ ids: ['i7', 'i2', 'i1'], unread: 3, unseen: 2 });
});

test('a withdrawal of what is not loaded asks for the counts, and takes them only if nothing came meanwhile', async () => {
  const { belfry, environment, server, stream } = await open({ ...TWO, unread: 9, unseen: 9, nextCursor: 'p2' });
  const recounted = async (answer: object, meanwhile: () => Promise<unknown>): Promise<void> => {
    await environment.timer(1_000);
    environment.runNext();
    const request = await server.next('/v1/inbox/count');
    await meanwhile();
    request.answer(200, answer);
    await environment.timer(1_000);
    environment.runNext();
  };
  stream.message(11, event('notification.withdrawn', { id: 'old' }));
  await recounted({ unread: 9, unseen: 9 }, () => {
    stream.message(12, event('notification.created', { notification: notification(12) }));
    return until(belfry.inbox, ({ unread }) => unread === 10);
  });
  expect(shown(belfry)).toMatchObject({ unread: 10, unseen: 10 });
  await recounted({ unread: 9, unseen: 9 }, async () => {});
  expect(shown(belfry)).toMatchObject({ unread: 9, unseen: 9 });
  expect(environment.waits.filter((ms) => ms <= 2_000)).toEqual([]);
});

test('a mark is told on a stream of other channels too, and is not counted twice there', async () => {
  const { belfry, server, stream } = await open(TWO, { channels: ['topic:x'] }, { channels: ['topic:x'] });
  const taken = belfry.inbox.read('i2');
  (await server.next('/v1/inbox/marks')).answer(204);
  await taken;
  const counted = { unread: 1, unseen: 1, countsAt: cursor(11) };
  stream.message(11, event('notification.state', { ids: ['i2'], mark: 'read', at: 't', ...counted }));
  await until(belfry.inbox, ({ items }) => items[0]?.readAt === 't');
  stream.heartbeat(12).heartbeat(13).heartbeat(14).message(15);
  await new Promise<void>((resolve) => belfry.on('test.event', () => resolve()));
  expect(shown(belfry)).toMatchObject({ read: [true, false], unread: 1, unseen: 1 });
});

test('counts that stand further on than their event hold what comes up to there already', async () => {
  const { belfry, environment, stream } = await open({ ...TWO, unread: 9, unseen: 9, nextCursor: cursor(1) });
  const told = { ids: ['i2'], mark: 'read', at: 't', unread: 9, unseen: 9 };
  stream.message(11, event('notification.state', { ...told, countsAt: cursor(14) }));
  stream.message(12, event('notification.created', { notification: notification(12) }));
  stream.message(13, event('notification.withdrawn', { id: 'i1' }));
  stream.message(14, event('notification.withdrawn', { id: 'not loaded' }));
  await until(belfry.inbox, ({ items }) => items.length === 2 && items[0]?.id === 'i12');
  stream.message(15, event('notification.created', { notification: notification(15) }));
  await until(belfry.inbox, ({ items }) => items.length === 3);
  expect(shown(belfry)).toEqual({ ids: ['i15', 'i12', 'i2'], read: [false, false, true], unread: 10, unseen: 10 });
  // Nor is there any doubt about them.
  expect(environment.waits.filter((ms) => ms <= 2_000)).toEqual([]);
});
