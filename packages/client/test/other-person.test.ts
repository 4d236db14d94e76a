import type { Notification, Question, Run } from '@belfry/protocol';
import { expect, test, vi } from 'vitest';
import { open, question, run } from './support/person.ts';
import { cursor, type Exchange, type ScriptedServer } from './support/scripted-server.ts';
import { tokenOf } from './support/session.ts';
import { until } from './support/until.ts';

const ADA = tokenOf({ sub: '42', exp: 1 });
const BEN = tokenOf({ sub: '43' });

const item = (n: number): Notification =>
  ({ id: `n${n}`, type: 'x', cursor: cursor(n), seenAt: null, readAt: null, archivedAt: null }) as Notification;

/** All that Ada can see, with a run that has finished and a log that is read. */
const ADAS = {
  notifications: { items: [item(2), item(1)], unread: 2, unseen: 2 },
  questions: [question(1), question(2, { answerBy: 'service', status: 'answered' })] as Question[],
  runs: [run(1), run(2)] as Run[],
};

/** Her client, whose next token is Ben's. */
async function openAsAda(tokens: string[] = [ADA, BEN]) {
  const asked = tokens.slice();
  const opened = await open(ADAS, {}, { token: () => asked.shift() ?? BEN });
  const { belfry, stream } = opened;
  stream.message(11, { type: 'run.finished', data: { run: run(2, { status: 'succeeded' }) } });
  await until(belfry.runs, ({ active }) => active === 1);
  return opened;
}

/** A call that finds that her token is no good any more. */
async function refused(server: ScriptedServer, path: string): Promise<void> {
  const call = await server.next(path);
  expect(call.header('authorization')).toBe(`Bearer ${ADA}`);
  call.problem(401, 'unauthenticated');
}

async function asBen(server: ScriptedServer): Promise<Exchange> {
  const stream = await server.next();
  expect(stream.header('authorization')).toBe(`Bearer ${BEN}`);
  return stream;
}

test('where a call is told to fetch a token and that is another person’s, their stream replaces the one there is', async () => {
  const { belfry, server, stream } = await openAsAda();
  const marked = belfry.inbox.readAll();
  await refused(server, '/v1/inbox/read-all');
  await stream.closed;
  const bens = await asBen(server);
  expect(bens.header('last-event-id')).toBeUndefined();
  expect(await marked).toBe(false);
  bens
    .connect({ user: '43' })
    .state(20, { items: [item(20)], unread: 1, unseen: 1 })
    .live(20);
  await until(belfry.inbox, ({ items }) => items.length === 1);
  expect(belfry.inbox.getSnapshot()).toMatchObject({ items: [{ id: 'n20', readAt: null }], unread: 1 });
  // What Ada wanted was not done to what is Ben's.
  expect(server.untaken).toEqual([]);
});

test('nothing of the one before is shown from the moment that another person’s token is here', async () => {
  const { belfry, server } = await openAsAda();
  const list = belfry.inbox.list({ types: ['x'] });
  list.subscribe(() => {});
  await server.next('/v1/inbox').then((call) => call.answer(200, { items: [item(2)], nextCursor: null }));
  await server.next('/v1/inbox/count').then((call) => call.answer(200, { unread: 1, unseen: 1 }));
  await until(list, ({ loading, items }) => !loading && items.length === 2);
  const feed = belfry.run('r1');
  feed.subscribe(() => {});
  const log = await server.next('/v1/runs/r1/stream');
  log.open().frame('snapshot', cursor(1), { run: run(1), logs: [], logsCursor: null });
  await until(feed, (one) => one.run !== null);
  const asked = belfry.questions.ask({ message: 'Of Ada?' });
  await refused(server, '/v1/questions');
  expect(await asked).toBeNull();
  await asBen(server);
  expect(belfry.inbox.getSnapshot()).toMatchObject({ items: [], unread: 0, loading: true });
  expect(list.getSnapshot()).toMatchObject({ items: [], unread: 0, loading: true });
  expect(belfry.questions.getSnapshot()).toMatchObject({ items: [], asked: [], open: 0, loading: true });
  expect(belfry.runs.getSnapshot()).toMatchObject({ items: [], active: 0, loading: true });
  expect(feed.getSnapshot()).toMatchObject({ run: null, lines: [], done: null });
  await log.closed;
});

test('a list and a log that nobody looks at just then show nothing of the one before either', async () => {
  const { belfry, server, stream } = await openAsAda();
  const list = belfry.inbox.list({ types: ['x'] });
  const leaveList = list.subscribe(() => {});
  await server.next('/v1/inbox').then((call) => call.answer(200, { items: [item(2)], nextCursor: null }));
  await server.next('/v1/inbox/count').then((call) => call.answer(200, { unread: 1, unseen: 1 }));
  await until(list, ({ loading, items }) => !loading && items.length === 2);
  // Until its page is here again, it shows what was before this state.
  stream.state(12);
  await server.next('/v1/inbox');
  const feed = belfry.run('r1');
  const leaveFeed = feed.subscribe(() => {});
  const log = await server.next('/v1/runs/r1/stream');
  log.open().frame('snapshot', cursor(1), { run: run(1), logs: [], logsCursor: null });
  await until(feed, (one) => one.run !== null);
  leaveList();
  leaveFeed();
  await log.closed;
  expect([list.getSnapshot().items.length, feed.getSnapshot().run?.id]).toEqual([2, 'r1']);
  void belfry.questions.ask({ message: 'Of Ada?' });
  await refused(server, '/v1/questions');
  await asBen(server);
  expect(list.getSnapshot()).toMatchObject({ items: [], unread: 0, loading: true });
  expect(feed.getSnapshot()).toMatchObject({ run: null, lines: [], status: 'idle' });
});

test('what was asked for one person and comes once another is signed in reaches nobody', async () => {
  const { belfry, server, stream } = await openAsAda();
  const answered = belfry.questions.answer('q1', { action: 'decline' });
  const late = await server.next('/v1/questions/q1/answer');
  void belfry.questions.ask({ message: 'Hers?' });
  await server.next('/v1/questions');
  stream.frame('closing', null, { reason: 'token_expired', retryMs: 0 });
  const bens = await asBen(server);
  late.problem(409, 'already_answered');
  expect(await answered).toBe(false);
  expect(belfry.questions.getSnapshot().error?.message).toMatch(/^Somebody else is signed in by now/);
  bens.connect({ user: '43' }).state(20).live(20);
  await until(belfry.questions, ({ loading }) => !loading);
  expect(belfry.questions.getSnapshot()).toMatchObject({ items: [], asked: [] });
});

test('who turns out to be another while a stream is asked for asks for theirs from its beginning', async () => {
  const { server, stream } = await openAsAda();
  stream.frame('closing', null, { reason: 'token_expired', retryMs: 0 });
  const bens = await asBen(server);
  expect(bens.header('last-event-id')).toBeUndefined();
  expect(server.untaken).toEqual([]);
});

test('where only the server can tell who it is, what the one before saw goes with the word of who is connected', async () => {
  const { belfry, server, stream } = await openAsAda(['opaque-1', 'opaque-2']);
  expect(belfry.runs.getSnapshot().items).toHaveLength(2);
  stream.end();
  await vi.waitUntil(() => belfry.status.getSnapshot().value === 'reconnecting');
  belfry.start();
  const other = await server.next();
  // A place in another tenant's log, where nothing came since: it is gone to from the beginning.
  other.connect({ tenant: 'acme', resumed: true, reason: null });
  await other.closed;
  const begun = await server.next();
  expect(begun.header('last-event-id')).toBeUndefined();
  expect(belfry.runs.getSnapshot().items).toEqual([]);
  expect(belfry.inbox.getSnapshot().items).toEqual([]);
});

test('a fresh token of the same person changes nothing of what is shown, and the call is sent again', async () => {
  // What the server takes it for where it is not said.
  const again = tokenOf({ sub: '42', tenant: 'default', exp: 2 });
  const { belfry, server } = await openAsAda([ADA, again]);
  const marked = belfry.inbox.readAll();
  await refused(server, '/v1/inbox/read-all');
  const call = await server.next('/v1/inbox/read-all');
  expect(call.header('authorization')).toBe(`Bearer ${again}`);
  call.answer(200, { marked: 2 });
  expect(await marked).toBe(true);
  expect(belfry.inbox.getSnapshot()).toMatchObject({ items: [{ id: 'n2' }, { id: 'n1' }], status: 'live' });
  expect(server.untaken).toEqual([]);
});
