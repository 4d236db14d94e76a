import { expect, test, vi } from 'vitest';
import { cursor, startServer } from './support/scripted-server.ts';
import { live, openedTabs, Session, type TabClient, ticksUntil } from './support/session.ts';
import { until } from './support/until.ts';

const EMPTY = { notifications: { items: [], unread: 0, unseen: 0, nextCursor: null }, questions: [], runs: [] };

/** A poll's answer that goes on to there. */
const answered = (n: number) => ({
  access: 'a1',
  tenant: 'default',
  user: '42',
  events: [],
  resumed: true,
  cursor: cursor(n),
});

/** The one that leads, whose stream was held back, and whose first poll was answered. */
async function pollingLeader(session: Session): Promise<TabClient> {
  const leader = session.open();
  const held = await session.server.next();
  leader.tab.clock.advance(10_000);
  await held.closed;
  (await session.server.next()).answer(200, { ...answered(10), resumed: false, reason: 'new', state: EMPTY });
  await live(leader);
  return leader;
}

/** Where the next request goes on, which is a poll. */
async function nextPoll({ server }: Session): Promise<string | null> {
  const { query } = await server.next();
  expect(query.has('wait')).toBe(true);
  return query.get('lastEventId');
}

test('while the connection is gone all say so, and all resume with it', async () => {
  const { session, stream, leader, followers, tabs } = await openedTabs(3);
  stream.end();
  for (const { belfry } of tabs) await vi.waitUntil(() => belfry.status.getSnapshot().value === 'reconnecting');
  leader.tab.clock.advance(1_000);
  const second = await session.server.next();
  second.connect({ resumed: true, reason: null }).message(11).live(11);
  for (const tab of tabs) await live(tab);
  expect(tabs.map(({ numbers }) => numbers)).toEqual([[11], [11], [11]]);
  expect(followers.flatMap(({ gaps }) => gaps)).toEqual([]);
  expect(session.server.untaken).toEqual([]);
});

test('where the leader polls, the others hear from it and say so; the next leader polls as well', async () => {
  const session = new Session(await startServer());
  const leader = await pollingLeader(session);
  await session.server.next();
  const follower = session.open();
  expect(await live(follower)).toMatchObject({ transport: 'poll' });
  leader.tab.kill();
  expect(await nextPoll(session)).toBe(cursor(10));
});

test('a leader of polls that was deposed between two of them polls again when it leads again', async () => {
  const session = new Session(await startServer());
  const first = await pollingLeader(session);
  const poll = await session.server.next();
  const second = session.open();
  await live(second);
  poll.problem(503, 'unavailable');
  for (const { belfry } of [first, second]) await until(belfry.status, ({ value }) => value === 'reconnecting');
  first.tab.sleep();
  await ticksUntil([second], () => session.browser.leader === second.tab);
  (await session.server.next()).answer(200, answered(11));
  await session.server.next();
  first.tab.wake();
  // It looks for its leader again, and its back-off is not over.
  await first.tab.clock.timer(200);
  first.tab.clock.runOnly(500);
  expect(await live(first)).toMatchObject({ transport: 'poll' });
  second.tab.kill();
  expect(await nextPoll(session)).toBe(cursor(11));
});
