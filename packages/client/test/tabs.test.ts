import { expect, test, vi } from 'vitest';
import { cursor, type Exchange, startServer } from './support/scripted-server.ts';
import { has, live, Session, type TabClient, tokenOf } from './support/session.ts';

const TICK_MS = 200;

async function openedTabs(count: number, options: object = {}) {
  const session = new Session(await startServer());
  const leader = session.open(options);
  const stream = await session.server.next();
  stream.connect().state(10, { unread: 3 }).live(10);
  await live(leader);
  const followers: TabClient[] = [];
  for (let n = 1; n < count; n += 1) followers.push(session.open(options));
  for (const follower of followers) await live(follower);
  return { session, leader, stream, followers, tabs: [leader, ...followers] };
}

/** The clocks of all tabs but one go on, tick by tick, until it is so. */
async function ticksUntil(tabs: readonly TabClient[], isSo: () => boolean): Promise<number> {
  let ticks = 0;
  while (!isSo()) {
    ticks += 1;
    for (const { tab } of tabs) tab.clock.advance(TICK_MS);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return ticks;
}

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

test.each([
  ['another person', { token: tokenOf({ sub: '43' }) }],
  ['the same name in another tenant', { token: tokenOf({ sub: '42', tenant: 'acme' }) }],
  ['another role', { token: tokenOf({ sub: '42', roles: ['admin'] }) }],
  ['another tenant by header', { headers: { 'Belfry-Tenant': 'acme' } }],
  ['other filters', { types: ['comment'] }],
  ['another device', { device: 'd2' }],
  ['another session key', { sessionKey: 's2' }],
  ['its own wish', { shared: false }],
])('a tab of %s has a connection of its own', async (_what, options) => {
  const { session, stream, leader } = await openedTabs(1);
  const other = session.open(options);
  const own = await session.server.next();
  own.connect({ connection: 'c2' }).state(20).live(20);
  await live(other);
  stream.message(11);
  own.message(21);
  await has(leader, [11]);
  await has(other, [21]);
  expect([leader.numbers, other.numbers]).toEqual([[11], [21]]);
});

test('a fresh token of the same person is the same session', async () => {
  const { session } = await openedTabs(1, { token: tokenOf({ sub: '42', exp: 1, iat: 1, jti: 'a' }) });
  const other = session.open({ token: tokenOf({ sub: '42', exp: 2, iat: 2, jti: 'b' }) });
  await live(other);
  expect(session.server.untaken).toEqual([]);
});

test('a tab whose next token is another person’s leaves the session, and the rest go on without it', async () => {
  const session = new Session(await startServer());
  const tokens = [tokenOf({ sub: '42' }), tokenOf({ sub: '43' })];
  const turncoat = session.open({ token: () => tokens.shift() ?? tokenOf({ sub: '43' }) });
  const first = await session.server.next();
  first.connect().state(10).live(10);
  await live(turncoat);
  const loyal = session.open();
  await live(loyal);
  first.frame('closing', null, { reason: 'token_expired', retryMs: 0 });
  const streams = [await session.server.next(), await session.server.next()];
  for (const stream of streams) {
    const isLoyal = stream.header('authorization') === `Bearer ${tokenOf({ sub: '42' })}`;
    stream
      .connect({ user: isLoyal ? '42' : '43', resumed: isLoyal })
      .message(isLoyal ? 11 : 21)
      .live(isLoyal ? 11 : 21);
  }
  await has(loyal, [11]);
  await has(turncoat, [21]);
  expect([loyal.numbers, turncoat.numbers]).toEqual([[11], [21]]);
});

test('where the token says nothing, or a cookie speaks, the server is asked who it is', async () => {
  const session = new Session(await startServer());
  const identify = async (user: string): Promise<void> => {
    const me = await session.server.next('/v1/me');
    me.answer(200, { tenant: 'default', user, roles: [], channels: [], readOnly: false });
  };
  const ada = session.open({ token: 'opaque-1' });
  await identify('ada');
  (await session.server.next()).connect({ user: 'ada' }).state(10).live(10);
  await live(ada);
  const adaToo = session.open({ token: 'opaque-2' });
  await identify('ada');
  await live(adaToo);
  const ben = session.open({ token: 'opaque-3' });
  await identify('ben');
  (await session.server.next()).connect({ user: 'ben', connection: 'c2' }).state(10).live(10);
  expect(await live(ben)).toMatchObject({ connection: 'c2' });
});

test('a cookie that is another person’s by now takes nobody along', async () => {
  const session = new Session(await startServer());
  let user = 'ada';
  const identify = async (): Promise<void> => {
    const me = await session.server.next('/v1/me');
    me.answer(200, { tenant: 'default', user, roles: [], channels: [] });
  };
  const cookie = { token: undefined as unknown as string };
  const tabs = [session.open(cookie)];
  await identify();
  const first = await session.server.next();
  first.connect({ user }).state(10).live(10);
  await live(tabs[0] as TabClient);
  tabs.push(session.open(cookie));
  await identify();
  await live(tabs[1] as TabClient);
  const adas = session.browser.heard[0]?.name;
  user = 'ben';
  first.end();
  await vi.waitUntil(() => tabs[0]?.belfry.status.getSnapshot().value === 'reconnecting');
  tabs[0]?.tab.clock.advance(1_000);
  // Each of the two finds out with a stream of its own, asks who it is, and gets a state; then they share Ben's.
  void identify().then(identify);
  const asBen = (): Promise<void> =>
    session.server.next().then((stream) => void stream.connect({ user }).state(20).message(21).live(21));
  void asBen().then(asBen).then(asBen).then(asBen);
  for (const tab of tabs) await has(tab, [21]);
  for (const { name, text } of session.browser.heard) if (name === adas) expect(text).not.toContain('ben');
  expect(new Set(session.browser.heard.map(({ name }) => name)).size).toBe(2);
});

test('neither a name nor a message holds a token or says who somebody is', async () => {
  const token = tokenOf({ sub: 'somebody' });
  const { session, stream, leader, followers } = await openedTabs(2, { token });
  stream.message(11);
  await has(followers[0] as TabClient, [11]);
  leader.tab.kill();
  (await session.server.next()).connect({ resumed: true }).live(11);
  await live(followers[0] as TabClient);
  expect(session.browser.heard.length).toBeGreaterThan(3);
  for (const { name, text } of session.browser.heard) {
    expect(name).toMatch(/^belfry-1-[0-9a-f]{64}$/);
    for (const part of token.split('.').slice(1)) expect(text).not.toContain(part);
  }
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

test('where the leader polls, the others hear from it and say so; the next leader polls as well', async () => {
  const session = new Session(await startServer());
  const leader = session.open();
  const held = await session.server.next();
  leader.tab.clock.advance(10_000);
  await held.closed;
  const state = { notifications: { items: [], unread: 0, unseen: 0, nextCursor: null }, questions: [], runs: [] };
  const answer = { access: 'a1', tenant: 'default', user: '42', events: [], cursor: cursor(10) };
  (await session.server.next()).answer(200, { ...answer, resumed: false, reason: 'new', state });
  await live(leader);
  await session.server.next();
  const follower = session.open();
  expect(await live(follower)).toMatchObject({ transport: 'poll' });
  leader.tab.kill();
  const poll = await next(session, ({ query }) => query.has('wait'));
  expect(poll.query.get('lastEventId')).toBe(cursor(10));
});

async function next(session: Session, isIt: (exchange: Exchange) => boolean): Promise<Exchange> {
  for (;;) {
    const exchange = await session.server.next();
    if (isIt(exchange)) return exchange;
    throw new Error(`${exchange.request.url} came first`);
  }
}

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
