import { expect, test, vi } from 'vitest';
import { cursor } from './support/scripted-server.ts';
import { has, live, openedTabs, type TabClient, ticksUntil } from './support/session.ts';

test('when the leader is closed another one resumes where it is itself, and the rest hear from that one', async () => {
  const { session, stream, leader, followers } = await openedTabs(4);
  stream.message(11);
  for (const tab of followers) await has(tab, [11]);
  leader.tab.kill();
  const second = await session.server.next();
  expect(second.header('last-event-id')).toBe(cursor(11));
  second.connect({ connection: 'c2', resumed: true, reason: null }).message(12).live(12);
  for (const tab of followers) await has(tab, [11, 12]);
  for (const tab of followers) expect(await live(tab)).toMatchObject({ connection: 'c2', reason: 'handover' });
  second.message(13);
  for (const tab of followers) await has(tab, [11, 12, 13]);
  expect(followers.map(({ numbers }) => numbers)).toEqual(followers.map(() => [11, 12, 13]));
  expect(followers.flatMap(({ gaps }) => gaps)).toEqual([]);
  expect(session.server.untaken).toEqual([]);
});

test('stopped, the leader makes way at once', async () => {
  const { session, stream, leader, followers } = await openedTabs(2);
  leader.belfry.stop();
  await stream.closed;
  (await session.server.next()).connect({ resumed: true, reason: null }).live(10);
  await live(followers[0] as TabClient);
  expect(leader.tab.clock.waits).toEqual([]);
  expect(session.browser.leader).toBe(followers[0]?.tab);
});

test('a leader that sleeps is noticed by its silence, and follows when it wakes', async () => {
  const { session, stream, leader, followers } = await openedTabs(3);
  leader.tab.sleep();
  const ticks = await ticksUntil(followers, () => session.browser.leader !== leader.tab);
  // Under a second, where a tick is longest.
  expect(ticks).toBeLessThanOrEqual(5);
  const second = await session.server.next();
  expect(second.header('last-event-id')).toBe(cursor(10));
  second.connect({ connection: 'c2', resumed: true, reason: null }).message(11).live(11);
  for (const tab of followers) await has(tab, [11]);
  // What its own connection brought meanwhile comes first; the others have it from elsewhere.
  stream.message(11).message(12);
  await has(leader, [11]);
  leader.tab.wake();
  await stream.closed;
  second.message(12).message(13);
  for (const tab of [leader, ...followers]) {
    await has(tab, [11, 12, 13]);
    expect(tab.numbers).toEqual([11, 12, 13]);
  }
  expect(await live(leader)).toMatchObject({ connection: 'c2' });
  expect(session.server.untaken).toEqual([]);
});

test('a leader that wakes up and answers what it was asked long ago does nobody harm', async () => {
  const { session, leader } = await openedTabs(1);
  leader.tab.sleep();
  const [next, other] = [session.open(), session.open()];
  await ticksUntil([next], () => session.browser.leader === next.tab);
  const second = await session.server.next();
  second.connect({ connection: 'c2' }).state(20).message(21).live(21);
  for (const tab of [next, other]) await has(tab, [21]);
  second.end();
  await vi.waitUntil(() => other.belfry.status.getSnapshot().value === 'reconnecting');
  leader.tab.wake();
  await vi.waitUntil(
    () => session.browser.heard.filter(({ text }) => text.includes('"connection\\":\\"c1')).length > 1,
  );
  next.tab.clock.advance(1_000);
  const third = await session.server.next();
  third.connect({ connection: 'c3', resumed: true, reason: null }).message(22).live(22);
  for (const tab of [next, other]) await has(tab, [21, 22]);
  expect([next.numbers, other.numbers]).toEqual([
    [21, 22],
    [21, 22],
  ]);
});

test('a leader that answers is left alone, however long nothing comes', async () => {
  const { session, leader, followers, tabs } = await openedTabs(3);
  let ticks = 0;
  await ticksUntil(tabs.slice(1), () => ++ticks > 40);
  expect(session.browser.leader).toBe(leader.tab);
  for (const tab of followers) expect(tab.belfry.status.getSnapshot().value).toBe('live');
});

test('a hidden leader, whose timers run late, reconnects in time for the tab that somebody looks at', async () => {
  const { session, stream, leader, followers } = await openedTabs(2);
  stream.end();
  await vi.waitUntil(() => followers[0]?.belfry.status.getSnapshot().value === 'reconnecting');
  leader.tab.clock.lag(1_000);
  await ticksUntil(followers, () => session.server.untaken.length > 0);
  (await session.server.next()).connect({ resumed: true, reason: null }).live(10);
  await live(followers[0] as TabClient);
  expect(session.browser.leader).toBe(leader.tab);
});

test('a leader that the server will not have makes way for another tab', async () => {
  const { session, stream, leader, followers } = await openedTabs(2);
  stream.end();
  await vi.waitUntil(() => leader.belfry.status.getSnapshot().value === 'reconnecting');
  leader.tab.clock.advance(1_000);
  (await session.server.next()).problem(403, 'forbidden');
  (await session.server.next()).connect({ connection: 'c2', resumed: true, reason: null }).live(10);
  expect(await live(followers[0] as TabClient)).toMatchObject({ connection: 'c2' });
});

test('a page that falls asleep makes way, and follows when it is back', async () => {
  const { session, stream, leader, followers } = await openedTabs(2);
  leader.tab.clock.wake('suspend');
  await stream.closed;
  expect([...session.browser.channels].map(({ tab }) => tab)).toEqual([followers[0]?.tab]);
  const second = await session.server.next();
  second.connect({ connection: 'c2', resumed: true, reason: null }).message(11).live(11);
  await live(followers[0] as TabClient);
  leader.tab.clock.wake('visible');
  expect(await live(leader)).toMatchObject({ connection: 'c2' });
  expect(leader.numbers).toEqual([11]);
  expect(session.server.untaken).toEqual([]);
});
