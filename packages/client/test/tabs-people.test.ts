import { expect, test, vi } from 'vitest';
import { startServer } from './support/scripted-server.ts';
import { has, live, openedTabs, Session, type TabClient, tokenOf } from './support/session.ts';

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
