import { expect, test } from 'vitest';
import { Reader } from './support/reader.ts';
import { cursor, startServer } from './support/scripted-server.ts';

test.each(['online', 'visible'] as const)('%s ends the back-off at once', async (wake) => {
  const server = await startServer();
  const reader = new Reader(server);
  (await server.next()).problem(503, 'unavailable');
  await reader.backsOff();
  reader.environment.wake(wake);
  (await server.next()).connect().state(1).live(1);
  await reader.is('live');
});

test('start while it backs off tries at once', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  (await server.next()).problem(503, 'unavailable');
  await reader.backsOff();
  reader.stream.start();
  (await server.next()).connect().state(1).live(1);
  await reader.is('live');
});

test('a network that comes back leaves the connection from before it, and resumes', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10);
  await reader.is('live');
  reader.environment.wake('offline');
  expect(reader.status.value).toBe('live');
  reader.environment.wake('online');
  const second = await server.next();
  expect(second.header('last-event-id')).toBe(cursor(10));
  await first.closed;
  second.connect({ resumed: true, reason: null }).live(10);
  expect(await reader.is('live')).toMatchObject({ reason: 'online', resumed: true });
});

test('without a network it says offline, and still tries: the server may be on this machine', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  reader.environment.networkUp = false;
  (await server.next()).problem(503, 'unavailable');
  await reader.is('offline');
  reader.environment.runNext();
  (await server.next()).connect().state(1).live(1);
  await reader.is('live');
});

test('a page seen again after a sleep that the timers slept through does not trust its connection', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect({ heartbeatMs: 100 }).state(10).live(10);
  await reader.is('live');
  reader.environment.wake('visible');
  expect(reader.status.value).toBe('live');
  reader.environment.sleep(301);
  reader.environment.wake('visible');
  await first.closed;
  const second = await server.next();
  expect(second.header('last-event-id')).toBe(cursor(10));
  expect(reader.status.reason).toBe('silent');
});

test('a page that falls asleep hangs up, and resumes when it is seen again', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10);
  await reader.is('live');
  reader.environment.wake('suspend');
  await first.closed;
  expect(reader.status.value).toBe('reconnecting');
  expect(reader.environment.waits).toEqual([]);
  reader.environment.wake('visible');
  const second = await server.next();
  expect(second.header('last-event-id')).toBe(cursor(10));
  second.connect({ resumed: true, reason: null }).live(10);
  expect(await reader.is('live')).toMatchObject({ resumed: true });
});
