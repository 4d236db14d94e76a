import { expect, test } from 'vitest';
import { Reader } from './support/reader.ts';
import { cursor, startServer } from './support/scripted-server.ts';

test('after an end it waits anywhere up to a bound: four times the base, then doubling, and it never gives up', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  reader.environment.chance = 0.999;
  const waits: number[] = [];
  for (let tries = 0; tries < 10; tries += 1) {
    const errors = reader.errors.length;
    (await server.next()).problem(503, 'unavailable');
    await reader.sees(() => reader.errors.length > errors);
    waits.push(...reader.environment.waits);
    reader.environment.runNext();
  }
  expect(waits.map((ms) => Math.round(ms / 1_000))).toEqual([1, 1, 1, 1, 2, 4, 8, 16, 30, 30]);
});

test('an outage of three seconds is met by at least four tries in that time, whatever chance says', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  reader.environment.chance = 0.999;
  const began = reader.environment.time;
  for (let tries = 1; tries <= 3; tries += 1) {
    (await server.next()).cut();
    await reader.sees(() => reader.errors.length === tries);
    reader.environment.runNext();
  }
  expect(reader.environment.time - began).toBeLessThan(3_000);
  (await server.next()).connect().state(1).live(1);
  await reader.is('live');
});

test('the wait has no lower bound but chance', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  reader.environment.chance = 0;
  (await server.next()).cut();
  await reader.sees(() => reader.errors.length > 0);
  expect(reader.environment.waits).toEqual([0]);
});

test('once live the back-off starts over, from the base that retry sets', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  for (let tries = 1; tries <= 6; tries += 1) {
    (await server.next()).problem(503, 'unavailable');
    await reader.sees(() => reader.errors.length === tries);
    reader.environment.runNext();
  }
  const exchange = await server.next();
  exchange.connect().write('retry: 6000\n\n').state(10).live(10);
  await reader.is('live');
  exchange.end();
  await reader.is('reconnecting');
  expect(reader.environment.waits).toEqual([3_000]);
});

test('closing is honoured to the millisecond, with its reason', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10);
  await reader.is('live');
  first.frame('closing', null, { reason: 'drain', retryMs: 820 });
  expect(await reader.is('reconnecting')).toMatchObject({ reason: 'drain', error: null });
  expect(reader.environment.waits).toEqual([820]);
  await first.closed;
  reader.environment.advance(820);
  expect((await server.next()).header('last-event-id')).toBe(cursor(10));
});

test('a server that closes every stream at once meets back-off all the same', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const waits: number[] = [];
  for (let tries = 0; tries < 6; tries += 1) {
    (await server.next()).open().frame('closing', null, { reason: 'overload', retryMs: 0 });
    waits.push(await reader.backsOff());
    reader.environment.runNext();
  }
  expect(waits).toEqual([0, 500, 500, 500, 1_000, 2_000]);
});

test('a wait that a server asks for is bounded', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10).frame('closing', null, { reason: 'drain', retryMs: 1e15 });
  await reader.is('reconnecting');
  expect(reader.environment.waits).toEqual([300_000]);
});

test('Retry-After of a 429 is waited out', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  (await server.next()).problem(429, 'rate_limited', { 'Retry-After': '17' });
  await reader.sees(() => reader.errors.length === 1);
  expect(reader.environment.waits).toEqual([17_000]);
});

test('three heartbeats of silence are a dead connection, and any byte is life', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect({ heartbeatMs: 100 }).state(10).live(10);
  await reader.is('live');
  reader.environment.advance(299);
  first.heartbeat(10);
  await reader.sees(() => reader.frames.at(-1)?.event === 'id');
  reader.environment.advance(299);
  expect(reader.status.value).toBe('live');
  reader.environment.advance(1);
  expect(reader.status).toMatchObject({ value: 'reconnecting', reason: 'silent' });
  await first.closed;
});

test('a server that never says connected is left', async () => {
  const server = await startServer();
  const reader = new Reader(server, { connectTimeoutMs: 5_000 });
  const first = await server.next();
  first.open().write(': a proxy that lets only comments through\n\n');
  reader.environment.advance(4_999);
  expect(reader.status.reason).toBeNull();
  reader.environment.advance(1);
  await first.closed;
  expect(reader.status).toMatchObject({ value: 'connecting', reason: 'silent' });
});

test('what is wrong with the request itself is reported with its problem and asked again slowly', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  (await server.next()).problem(403, 'forbidden');
  await reader.sees(() => reader.errors.length === 1);
  expect(reader.status).toMatchObject({ value: 'connecting', reason: 'refused' });
  expect(reader.status.error).toMatchObject({
    code: 'forbidden',
    status: 403,
    problem: { detail: 'The server says forbidden.' },
  });
  expect(reader.environment.waits).toEqual([45_000]);
  reader.environment.advance(45_000);
  (await server.next()).connect().state(1).live(1);
  expect(await reader.is('live')).toMatchObject({ error: null });
});

test('a page that is no stream is not read as one', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  (await server.next()).open('text/html').write('<p>data: hello').end();
  await reader.sees(() => reader.errors.length === 1);
  expect(reader.status.reason).toBe('refused');
  expect(reader.errors[0]?.message).toContain('text/html');
});

test('stopped in any state, it leaves no timer, no listener and no connection', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const clean = (): void => {
    reader.stream.stop();
    expect(reader.environment.waits).toEqual([]);
    expect(reader.environment.listeners).toBe(0);
  };
  const connecting = await server.next();
  clean();
  await connecting.closed;
  reader.stream.start();
  const live = await server.next();
  live.connect().state(10).live(10);
  await reader.is('live');
  clean();
  await live.closed;
  reader.stream.start();
  (await server.next()).problem(403, 'forbidden');
  await reader.sees(() => reader.errors.length === 1);
  clean();
  reader.stream.start();
  (await server.next()).problem(503, 'unavailable');
  await reader.sees(() => reader.errors.length === 2);
  clean();
});
