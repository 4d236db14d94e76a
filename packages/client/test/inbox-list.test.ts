import type { Notification } from '@belfry/protocol';
import { expect, test } from 'vitest';
import type { InboxList, ListFilters } from '../src/index.ts';
import { event, notification } from './support/model-inbox.ts';
import { type Opened, open, state } from './support/person.ts';
import { cursor } from './support/scripted-server.ts';
import { until } from './support/until.ts';

const read = { readAt: 't', seenAt: 't' };
const archived = { ...read, archivedAt: 't' };
const item = notification;

interface Answers {
  items: Notification[];
  nextCursor?: string | null;
  counts?: { unread: number; unseen: number };
}

/** A list that somebody looks at, its first page here. */
async function listed(opened: Opened, filters: ListFilters, answers: Answers): Promise<InboxList> {
  const list = opened.belfry.inbox.list(filters);
  list.subscribe(() => {});
  await answered(opened, answers);
  await until(list, ({ loading }) => !loading);
  return list;
}

async function answered({ server }: Opened, { items, nextCursor = null, counts }: Answers): Promise<URLSearchParams> {
  const request = await server.next('/v1/inbox');
  request.answer(200, { items, unread: 50, unseen: 50, nextCursor });
  const local = { unread: items.filter(({ readAt }) => readAt === null).length, unseen: 0 };
  (await server.next('/v1/inbox/count')).answer(200, counts ?? local);
  return request.query;
}

const ids = (list: InboxList) => list.getSnapshot().items.map(({ id }) => id);

test('a mark moves an item out of one list and into another at once, and back where it is refused', async () => {
  const opened = await open({ notifications: { items: [item(9), item(8)], unread: 2, unseen: 2 } });
  const { belfry, server } = opened;
  const unread = await listed(opened, { filter: 'unread' }, { items: [item(9), item(8)] });
  const away = await listed(opened, { filter: 'archived' }, { items: [item(3, archived)] });
  const taken = belfry.inbox.archive('i9');
  expect([ids(unread), ids(away)]).toEqual([['i8'], ['i9', 'i3']]);
  (await server.next('/v1/inbox/marks')).problem(503, 'unavailable');
  expect(await taken).toBe(false);
  expect([ids(unread), ids(away)]).toEqual([['i9', 'i8'], ['i3']]);
  void belfry.inbox.archive('i9');
  void belfry.inbox.unarchive('i9');
  expect([ids(unread), ids(away)]).toEqual([['i9', 'i8'], ['i3']]);
});

test('what arrives is in the lists that it fits, newest first, and in the inbox once', async () => {
  const opened = await open({ notifications: { items: [item(9)], unread: 1, unseen: 1 } });
  const filters: ListFilters = { types: ['build.*'], severity: 'critical', subject: { kind: 'story', id: '7' } };
  const fits = { type: 'build.failed', severity: 'critical', subject: { kind: 'story', id: '7' } } as const;
  const list = opened.belfry.inbox.list(filters);
  list.subscribe(() => {});
  const query = await answered(opened, { items: [item(4, fits)] });
  expect(Object.fromEntries(query)).toEqual({ types: 'build.*', severity: 'critical', subject: 'story:7' });
  await until(list, ({ items }) => items.length === 1);
  const { stream } = opened;
  stream.message(11, event('notification.created', { notification: item(11, fits) }));
  stream.message(12, event('notification.created', { notification: item(12, { ...fits, severity: 'info' }) }));
  await until(opened.belfry.inbox, ({ items }) => items.length === 4);
  expect(ids(list)).toEqual(['i11', 'i4']);
});

test('an older item that a list asked for is not in the inbox before its page is', async () => {
  const page = { items: [item(9), item(8)], unread: 5, unseen: 5, nextCursor: cursor(8) };
  const opened = await open({ notifications: page });
  await listed(opened, { types: ['comment'] }, { items: [item(9), item(2)], counts: { unread: 5, unseen: 5 } });
  expect(opened.belfry.inbox.getSnapshot()).toMatchObject({ items: [{ id: 'i9' }, { id: 'i8' }], unread: 5 });
});

test('counts of a list are of all that fits, loaded or not, and follow marks', async () => {
  const opened = await open({ notifications: { items: [item(9)], unread: 9, unseen: 9, nextCursor: cursor(9) } });
  const { belfry, server, stream } = opened;
  const first = { items: [item(9), item(7)], nextCursor: cursor(7), counts: { unread: 6, unseen: 6 } };
  const list = await listed(opened, { types: ['comment'] }, first);
  expect(list.getSnapshot()).toMatchObject({ unread: 6, unseen: 6, hasMore: true });
  void belfry.inbox.read('i7');
  expect(list.getSnapshot()).toMatchObject({ unread: 5, unseen: 5 });
  const more = list.loadMore();
  const request = await server.next('/v1/inbox');
  expect(Object.fromEntries(request.query)).toEqual({ types: 'comment', cursor: cursor(7) });
  request.answer(200, { items: [item(5), item(4, read)], unread: 0, unseen: 0, nextCursor: null });
  expect(await more).toBe(true);
  expect(list.getSnapshot()).toMatchObject({ unread: 5, unseen: 5, hasMore: false });
  expect(ids(list)).toEqual(['i9', 'i7', 'i5', 'i4']);
  const all = { ids: [], upTo: cursor(10), mark: 'read', at: 't', unread: 0, unseen: 0 };
  stream.message(11, event('notification.state', all));
  await until(list, ({ unread }) => unread === 0);
});

test('what another device archives and is not here is asked for', async () => {
  const opened = await open();
  const { environment, stream } = opened;
  const away = await listed(opened, { filter: 'archived' }, { items: [] });
  const told = { ids: ['i3'], mark: 'archived', at: 't', unread: 0, unseen: 0 };
  stream.message(11, event('notification.state', told));
  await environment.timer(1_000);
  environment.advance(1_000);
  await answered(opened, { items: [item(3, archived)] });
  await until(away, ({ items }) => items.length === 1);
});

test('after a new state a list asks anew, and shows what it had until then', async () => {
  const opened = await open({ notifications: { items: [item(9), item(8)], unread: 2, unseen: 2 } });
  const list = await listed(opened, { filter: 'unread' }, { items: [item(9), item(8)] });
  state(opened.stream, 20, { notifications: { items: [item(19)], unread: 1, unseen: 1 } });
  await until(list, ({ loading }) => loading);
  expect(ids(list)).toEqual(['i9', 'i8']);
  await answered(opened, { items: [item(19)] });
  await until(list, ({ loading }) => !loading);
  expect(ids(list)).toEqual(['i19']);
});

test('equal filters are one list and one request, and it is let go with the last who looks', async () => {
  const opened = await open();
  const { belfry, server } = opened;
  const list = belfry.inbox.list({ types: ['b', 'a'], filter: 'all' });
  expect(belfry.inbox.list({ types: ['a', 'b'] })).toBe(list);
  list.subscribe(() => {})();
  const offs = [list.subscribe(() => {}), list.subscribe(() => {})];
  await answered(opened, { items: [item(1, { type: 'a' })] });
  await until(list, ({ items }) => items.length === 1);
  for (const off of offs) off();
  await Promise.resolve();
  expect(belfry.inbox.list({ types: ['a', 'b'] })).not.toBe(list);
  expect(server.untaken).toEqual([]);
});

test('without filters a list is the inbox itself, and asks for nothing', async () => {
  const { belfry, server } = await open({ notifications: { items: [item(9)], unread: 1, unseen: 1 } });
  const list = belfry.inbox.list();
  list.subscribe(() => {});
  expect(list.getSnapshot()).toMatchObject({ items: [{ id: 'i9' }], hasMore: false, unread: 1, loading: false });
  expect(await list.refetch()).toBe(true);
  expect(server.untaken).toEqual([]);
});

test('a list of the type that is called “all” is not the inbox itself', async () => {
  const { belfry } = await open({ notifications: { items: [item(9, { type: 'b' })], unread: 1, unseen: 1 } });
  expect(belfry.inbox.list({ types: ['all'] }).getSnapshot().items).toEqual([]);
});

test('of a narrowed stream whatever is asked for or marked is narrowed to the same', async () => {
  const only = { channels: 'topic:x,topic:y/*', types: 'build.*' };
  const page = { items: [item(9)], unread: 2, unseen: 2, nextCursor: cursor(9) };
  const opened = await open({ notifications: page }, {}, { channels: ['topic:x', 'topic:y/*'], types: ['build.*'] });
  const { belfry, environment, server, stream } = opened;
  const asked = async (path: string): Promise<object> => {
    const request = await server.next(path);
    request.answer(200, { items: [], unread: 2, unseen: 2, nextCursor: null });
    return Object.fromEntries(request.query);
  };
  belfry.inbox.list({ filter: 'unread' }).subscribe(() => {});
  expect(await asked('/v1/inbox')).toEqual({ ...only, filter: 'unread' });
  expect(await asked('/v1/inbox/count')).toEqual(only);
  void belfry.inbox.loadMore();
  expect(await asked('/v1/inbox')).toEqual({ ...only, cursor: cursor(9) });
  void belfry.clear({ kind: 'story', id: '7' });
  expect(await asked('/v1/inbox')).toMatchObject(only);
  void belfry.inbox.readAll();
  const all = await server.next('/v1/inbox/read-all');
  expect(all.body).toEqual({ upTo: cursor(10), channels: ['topic:x', 'topic:y/*'], types: ['build.*'] });
  stream.message(11, event('notification.withdrawn', { id: 'not here' }));
  await environment.timer(1_000);
  environment.advance(1_000);
  expect(await asked('/v1/inbox/count')).toEqual(only);
});

test('what comes back from the archive and is not on a narrowed stream stays out', async () => {
  const { belfry, server, stream } = await open({}, {}, { channels: ['topic:x'], types: ['build.*'] });
  const told = { mark: 'unarchived', at: 't', unread: 1, unseen: 1 };
  stream.message(11, event('notification.state', { ...told, ids: ['i3', 'i2', 'i1'] }));
  const asked = async (id: string) => {
    const request = await server.next(`/v1/inbox/${id}`);
    expect(Object.fromEntries(request.query)).toEqual({ channels: 'topic:x' });
    return request;
  };
  (await asked('i3')).problem(404, 'not_found');
  (await asked('i2')).answer(200, item(2, { type: 'comment' }));
  (await asked('i1')).answer(200, item(1, { type: 'build.done' }));
  await until(belfry.inbox, ({ items }) => items.length > 0);
  expect(belfry.inbox.getSnapshot().items).toMatchObject([{ id: 'i1' }]);
});

test('clear reads what is about one thing, loaded or not, and lets go of what is over', async () => {
  const subject = { kind: 'story', id: '7' };
  const about = item(9, { subject });
  const page = { items: [about, item(8)], unread: 9, unseen: 9, nextCursor: cursor(8) };
  const { belfry, server } = await open({ notifications: page });
  const cleared = belfry.clear(subject);
  const marks = await server.next('/v1/inbox/marks');
  expect(marks.body).toEqual({ ids: ['i9'], mark: 'read' });
  marks.answer(204);
  const older = await server.next('/v1/inbox');
  expect(older.query.get('subject')).toBe('story:7');
  older.answer(200, { items: [item(2, { subject })], unread: 8, unseen: 8, nextCursor: null });
  const more = await server.next('/v1/inbox/marks');
  expect(more.body).toEqual({ ids: ['i2'], mark: 'read' });
  more.answer(204);
  expect(await cleared).toBe(true);
});
