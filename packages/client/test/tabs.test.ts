import { expect, test } from 'vitest';
import { cursor, startServer } from './support/scripted-server.ts';
import { has, live, openedTabs, Session, type TabClient } from './support/session.ts';

test('ten tabs make one connection, and each hears of everything once and in order', async () => {
  const { session, stream, tabs } = await openedTabs(10);
  for (const { belfry } of tabs) expect(belfry.inbox.getSnapshot().unread).toBe(3);
  for (const n of [11, 12, 12, 13]) stream.message(n);
  for (const tab of tabs) await has(tab, [11, 12, 13]);
  expect(tabs.map(({ numbers }) => numbers)).toEqual(tabs.map(() => [11, 12, 13]));
  expect(session.server.untaken).toEqual([]);
});

test('a tab that opens later gets the state and what has come since from the leader', async () => {
  const { session, stream, leader } = await openedTabs(1);
  stream.message(11).message(12);
  await has(leader, [11, 12]);
  const late = session.open();
  expect(await live(late)).toMatchObject({ connection: 'c1', resumed: false, stateReason: 'new' });
  expect(late.numbers).toEqual([11, 12]);
  expect(late.belfry.inbox.getSnapshot().unread).toBe(3);
  stream.message(13);
  await has(late, [11, 12, 13]);
  expect(late.belfry.cursor).toBe(cursor(13));
  expect(session.server.untaken).toEqual([]);
});

test('who joins later is told the time that it is by then, whoever set the clock meanwhile', async () => {
  const session = new Session(await startServer());
  const leader = session.open();
  const stream = await session.server.next();
  stream.connect({ serverTime: '2026-01-01T00:00:00.000Z' }).state(10).live(10);
  await live(leader);
  leader.tab.clock.advance(5_000);
  leader.tab.clock.putBy = -3 * 3_600_000;
  const late = session.open();
  const frames: string[] = [];
  late.belfry.onFrame(({ data }) => frames.push(data ?? ''));
  await live(late);
  expect(frames[0]).toContain('2026-01-01T00:00:05.000Z');
});

test('what is further back than the leader remembers a tab asks the server itself, and then listens again', async () => {
  const { session, stream, leader, followers } = await openedTabs(2);
  const [other] = followers as [TabClient];
  other.tab.clock.wake('suspend');
  const all = Array.from({ length: 600 }, (_, index) => 11 + index);
  for (const n of all) stream.message(n);
  await has(leader, all);
  other.tab.clock.wake('visible');
  const own = await session.server.next();
  expect(own.header('last-event-id')).toBe(cursor(10));
  own.connect({ connection: 'c2', resumed: true, reason: null });
  for (const n of all) own.message(n);
  own.live(610);
  await own.closed;
  stream.message(611);
  await has(other, [...all, 611]);
  expect(other.numbers).toEqual([...all, 611]);
  expect(session.server.untaken).toEqual([]);
});

test('a tab that is alone tells nobody what comes, and whoever joins hears of all of it', async () => {
  const { session, stream, leader } = await openedTabs(1);
  stream.message(11).message(12);
  await has(leader, [11, 12]);
  const said = () => session.browser.heard.filter(({ text }) => text.includes('"frames"'));
  expect(said()).toEqual([]);
  const late = session.open();
  await live(late);
  stream.message(13);
  await has(late, [11, 12, 13]);
  expect(late.numbers).toEqual([11, 12, 13]);
  expect(said().length).toBeGreaterThan(1);
});

test('only the leader acknowledges by itself', async () => {
  const { session, stream, tabs } = await openedTabs(3, { device: 'd1' });
  stream.message(11);
  for (const tab of tabs) await has(tab, [11]);
  for (const { tab } of tabs) tab.clock.advance(45_000);
  const ack = await session.server.next('/v1/ack');
  expect(ack.body).toEqual({ device: 'd1', cursor: cursor(11) });
  ack.answer(204);
  // What they had to say was said before this.
  for (const { belfry } of tabs) {
    const read = belfry.inbox.read('i1');
    (await session.server.next('/v1/inbox/marks')).answer(204);
    await read;
  }
  expect(session.server.untaken.filter((path) => path === '/v1/ack')).toEqual([]);
});

test('where locks are refused, as in a sandboxed frame, each tab has its own connection', async () => {
  const session = new Session(await startServer());
  const refusing = { request: () => Promise.reject(new Error('SecurityError')) };
  const client = session.open({ environment: { ...session.browser.open().environment, locks: () => refusing } });
  (await session.server.next()).connect().state(10).live(10);
  expect(await live(client)).toMatchObject({ connection: 'c1' });
});

test('stopped, a follower leaves no timer, no listener, no channel and no place in the queue', async () => {
  const { session, followers, leader } = await openedTabs(2);
  const [follower] = followers as [TabClient];
  follower.belfry.stop();
  expect(follower.tab.clock.waits).toEqual([]);
  expect(follower.tab.clock.listeners).toBe(0);
  expect(session.browser.channels.size).toBe(1);
  leader.tab.kill();
  expect(session.browser.leader).toBeNull();
});
