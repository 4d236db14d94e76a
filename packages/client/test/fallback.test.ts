import type { PollAnswer } from '@belfry/protocol';
import { expect, test, vi } from 'vitest';
import type { Status } from '../src/index.ts';
import { type Opened, opened } from './support/opened.ts';
import { cursor, type Exchange, type ScriptedServer, startServer } from './support/scripted-server.ts';
import { tokenOf } from './support/session.ts';
import { until } from './support/until.ts';

const CONNECT_MS = 10_000;

const event = (n: number) => ({
  id: cursor(n),
  type: 'test.event',
  channel: 'user:42',
  time: '2026-01-01T00:00:00.000Z',
  data: { n },
});

function answer(n: number, fields: Partial<PollAnswer> = {}): PollAnswer {
  return { access: 'a1', resumed: true, events: [], cursor: cursor(n), ...fields };
}

const emptyState = { notifications: { items: [], unread: 2, unseen: 0, nextCursor: null }, questions: [], runs: [] };
const anew = (n: number) => answer(n, { resumed: false, reason: 'new', state: emptyState });

const polled = ({ belfry }: Opened): Promise<Status> =>
  until(belfry.status, ({ value, transport }) => value === 'live' && transport === 'poll');

/** A request came and is still unanswered when so much time is over. */
async function buffered(server: ScriptedServer, { environment }: Opened): Promise<void> {
  const stream = await server.next();
  environment.advance(CONNECT_MS);
  await stream.closed;
}

/** Its stream was held back, and its first poll answered. */
async function fallenBack(server: ScriptedServer, options = {}): Promise<Opened> {
  const one = opened(server, options);
  await buffered(server, one);
  (await server.next()).answer(200, anew(10));
  await polled(one);
  return one;
}

const isPoll = ({ query }: Exchange): boolean => query.has('wait');

test('where no connected comes in time it polls: at once first, then for as long as the server waits', async () => {
  const server = await startServer();
  const one = opened(server);
  await buffered(server, one);
  const first = await server.next();
  expect([first.query.get('wait'), first.query.get('lastEventId')]).toEqual(['0', null]);
  first.answer(200, anew(10));
  expect(await polled(one)).toMatchObject({ reason: 'silent', resumed: false, stateReason: 'new' });
  expect(one.belfry.inbox.getSnapshot().unread).toBe(2);
  const second = await server.next();
  expect([second.query.get('wait'), second.query.get('lastEventId'), second.query.get('access')]).toEqual([
    '25',
    cursor(10),
    'a1',
  ]);
  second.answer(200, answer(12, { events: [event(11), event(12)] }));
  await vi.waitUntil(() => one.numbers.length === 2);
  expect(one.numbers).toEqual([11, 12]);
  expect(one.belfry.cursor).toBe(cursor(12));
});

test('three streams that are cut off within a second make it poll; two do not, nor what never was a stream', async () => {
  const server = await startServer();
  const one = opened(server);
  const tryOnce = async (end: (stream: Exchange) => void): Promise<void> => {
    end(await server.next());
    await vi.waitUntil(() => (one.environment.waits[0] ?? CONNECT_MS) < CONNECT_MS);
    one.environment.runNext();
  };
  const cut = (stream: Exchange): void => stream.connect().state(10).end();
  for (let tries = 0; tries < 4; tries += 1) await tryOnce((stream) => stream.cut());
  await tryOnce(cut);
  await tryOnce(cut);
  await tryOnce((stream) => stream.open().frame('closing', null, { reason: 'overload', retryMs: 0 }).end());
  const third = await server.next();
  expect(isPoll(third)).toBe(false);
  cut(third);
  const poll = await server.next();
  expect(isPoll(poll)).toBe(true);
  poll.answer(200, answer(10));
  expect(await polled(one)).toMatchObject({ reason: 'ended', resumed: true });
});

test('a stream that lived for a second starts the count of short ones over', async () => {
  const server = await startServer();
  const one = opened(server);
  for (const livesMs of [0, 0, 1_000, 0, 0]) {
    const stream = await server.next();
    expect(isPoll(stream)).toBe(false);
    stream.connect({ resumed: true }).live(10);
    await until(one.belfry.status, ({ value }) => value === 'live');
    one.environment.advance(livesMs);
    stream.end();
    await until(one.belfry.status, ({ value }) => value === 'reconnecting');
    one.environment.runNext();
  }
  expect(isPoll(await server.next())).toBe(false);
});

test('a gateway that gives up on streams, again and again, makes it poll', async () => {
  const server = await startServer();
  const one = opened(server);
  for (let tries = 0; tries < 3; tries += 1) {
    const stream = await server.next();
    expect(isPoll(stream)).toBe(false);
    stream.answer(504);
    if (tries === 2) break;
    await vi.waitUntil(() => (one.environment.waits[0] ?? CONNECT_MS) < CONNECT_MS);
    one.environment.runNext();
  }
  expect(isPoll(await server.next())).toBe(true);
});

test('while a stream works there is not one poll', async () => {
  const server = await startServer();
  const one = opened(server);
  (await server.next()).connect({ heartbeatMs: 1e9 }).state(10).live(10);
  await until(one.belfry.status, ({ value }) => value === 'live');
  one.environment.advance(3_600_000);
  await one.belfry.inbox.loadMore();
  expect(server.untaken).toEqual([]);
  expect(one.belfry.status.getSnapshot().transport).toBe('stream');
});

test('each event comes once and in order, also where a poll repeats some', async () => {
  const server = await startServer();
  const one = await fallenBack(server);
  (await server.next()).answer(200, answer(12, { events: [event(11), event(12)] }));
  await one.environment.timer(250);
  expect(server.untaken).toEqual([]);
  one.environment.runOnly(250);
  (await server.next()).answer(200, answer(13, { events: [event(11), event(12), event(13)] }));
  await vi.waitUntil(() => one.numbers.length > 2);
  expect(one.numbers).toEqual([11, 12, 13]);
});

test('a poll that could not resume brings state, and a word of the gap', async () => {
  const server = await startServer();
  const one = await fallenBack(server);
  (await server.next()).answer(200, answer(3, { resumed: false, reason: 'access', access: 'a2', state: emptyState }));
  await vi.waitUntil(() => one.gaps.length === 1);
  expect(one.gaps).toEqual(['access']);
  await one.environment.timer(250);
  one.environment.runOnly(250);
  expect((await server.next()).query.get('access')).toBe('a2');
});

test('who polls from the very start knows the server’s time too, whatever the clock here says', async () => {
  const server = await startServer();
  const one = opened(server);
  await buffered(server, one);
  const serverTime = '2026-01-01T12:00:00.000Z';
  (await server.next()).answer(200, { ...anew(10), serverTime });
  await polled(one);
  one.environment.putBy = 3_600_000;
  expect(one.belfry.questions.timeLeft({ expiresAt: '2026-01-01T12:00:40.000Z' })).toBe(40_000);
});

test('after a full answer the rest is asked for at once, and only then it is live', async () => {
  const server = await startServer();
  const one = opened(server);
  await buffered(server, one);
  const many = Array.from({ length: 500 }, (_, index) => event(11 + index));
  (await server.next()).answer(200, answer(510, { resumed: false, reason: 'new', events: many }));
  const rest = await server.next();
  expect(rest.query.get('wait')).toBe('0');
  expect(one.belfry.status.getSnapshot().value).toBe('connecting');
  rest.answer(200, answer(511, { events: [event(511)] }));
  await polled(one);
  expect(one.numbers).toHaveLength(501);
});

test('a server that answers at once and with nothing is let be for a moment', async () => {
  const server = await startServer();
  const one = await fallenBack(server);
  (await server.next()).answer(200, answer(10));
  await one.environment.timer(750);
  expect(server.untaken).toEqual([]);
  one.environment.advance(750);
  expect((await server.next()).query.get('wait')).toBe('25');
});

test('a clock that is put back while a poll waits does not hold up the next one', async () => {
  const server = await startServer();
  const one = await fallenBack(server);
  const poll = await server.next();
  one.environment.putBy = -3 * 3_600_000;
  one.environment.advance(20_000);
  poll.answer(200, answer(11, { events: [event(11)] }));
  expect((await server.next()).query.get('lastEventId')).toBe(cursor(11));
});

test('a poll without an answer is given up in time, and polled again after a back-off', async () => {
  const server = await startServer();
  const one = await fallenBack(server);
  const poll = await server.next();
  one.environment.advance(39_000);
  expect(one.belfry.status.getSnapshot().value).toBe('live');
  one.environment.advance(1_000);
  await poll.closed;
  expect(one.belfry.status.getSnapshot()).toMatchObject({ value: 'reconnecting', transport: 'poll' });
  one.environment.runNext();
  expect((await server.next()).query.get('lastEventId')).toBe(cursor(10));
});

test('Retry-After is waited out between polls', async () => {
  const server = await startServer();
  const one = await fallenBack(server);
  (await server.next()).problem(429, 'rate_limited', { 'Retry-After': '17' });
  await until(one.belfry.status, ({ value }) => value === 'reconnecting');
  expect(one.environment.waits).toEqual([17_000]);
});

test('a first poll that fails says nothing about streams: the next try is one', async () => {
  const server = await startServer();
  const one = opened(server);
  await buffered(server, one);
  (await server.next()).problem(503, 'unavailable');
  await one.environment.timer(500);
  one.environment.runNext();
  expect(isPoll(await server.next())).toBe(false);
});

test('a gateway that gives up on a poll is met with back-off, however streams went before', async () => {
  const server = await startServer();
  const one = opened(server);
  for (let tries = 0; tries < 2; tries += 1) {
    (await server.next()).connect().state(10).end();
    await one.environment.timer(500);
    one.environment.runNext();
  }
  await buffered(server, one);
  (await server.next()).answer(200, answer(10));
  await polled(one);
  (await server.next()).answer(504);
  await until(one.belfry.status, ({ value }) => value === 'reconnecting');
  await one.environment.timer(500);
});

test('who signs in as somebody else while it polls has their polls at once, from the beginning', async () => {
  const server = await startServer();
  const tokens = [tokenOf({ sub: '42' }), tokenOf({ sub: '43' })];
  const one = await fallenBack(server, { token: () => tokens.shift() ?? '' });
  const poll = await server.next();
  void one.belfry.inbox.readAll();
  (await server.next('/v1/inbox/read-all')).problem(401, 'unauthenticated');
  await poll.closed;
  const theirs = await server.next();
  expect([isPoll(theirs), theirs.query.get('lastEventId')]).toEqual([true, null]);
  expect(theirs.header('authorization')).toBe(`Bearer ${tokenOf({ sub: '43' })}`);
});

test('a token that runs out between polls is replaced without a visible gap', async () => {
  const server = await startServer();
  let asked = 0;
  const token = (): string => `t${++asked}`;
  const one = await fallenBack(server, { token });
  const values: string[] = [];
  one.belfry.onStatus(({ value }) => values.push(value));
  (await server.next()).problem(401, 'unauthenticated');
  const again = await server.next();
  expect(again.header('authorization')).toBe('Bearer t2');
  again.answer(200, answer(11, { events: [event(11)] }));
  await vi.waitUntil(() => one.numbers.length === 1);
  expect(values).toEqual([]);
});

test('a stream is tried beside the polls, later and later; once one lives, the polls end and it resumes', async () => {
  const server = await startServer();
  const one = await fallenBack(server, { device: 'd1' });
  const nextProbe = async (afterMs: number): Promise<Exchange> => {
    await one.environment.timer(afterMs);
    // Only the timer of the probe: a poll that waits would be given up meanwhile.
    one.environment.runOnly(afterMs);
    for (;;) {
      const exchange = await server.next();
      if (!isPoll(exchange)) return exchange;
    }
  };
  const first = await nextProbe(60_000);
  expect([first.query.get('state'), first.query.get('device'), first.header('last-event-id')]).toEqual([
    'none',
    null,
    undefined,
  ]);
  one.environment.runOnly(CONNECT_MS);
  await first.closed;
  const second = await nextProbe(120_000);
  second.connect();
  await one.environment.timer(1_500);
  second.cut();
  const third = await nextProbe(240_000);
  third.connect();
  await one.environment.timer(1_500);
  expect(one.belfry.status.getSnapshot()).toMatchObject({ value: 'live', transport: 'poll' });
  one.environment.runOnly(1_500);
  const stream = await server.next();
  expect([isPoll(stream), stream.header('last-event-id')]).toEqual([false, cursor(10)]);
  stream.connect({ resumed: true, reason: null }).live(10);
  const status = await until(one.belfry.status, ({ value, transport }) => value === 'live' && transport === 'stream');
  expect(status).toMatchObject({ reason: 'handover', resumed: true });
});

test('another network is another chance for streams', async () => {
  const server = await startServer();
  const one = await fallenBack(server);
  one.environment.wake('online');
  expect(isPoll(await server.next())).toBe(false);
});

test('stopped while it polls, it leaves no timer, no listener and no request', async () => {
  const server = await startServer();
  const one = await fallenBack(server);
  const poll = await server.next();
  one.belfry.stop();
  await poll.closed;
  expect(one.environment.waits).toEqual([]);
  expect(one.environment.listeners).toBe(0);
});
