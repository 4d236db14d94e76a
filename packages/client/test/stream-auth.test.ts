import { expect, test } from 'vitest';
import { Reader } from './support/reader.ts';
import { cursor, startServer } from './support/scripted-server.ts';

/** Hands out t1, t2, t3 and so on. */
function tokens(): { get: () => Promise<string>; asked: () => number } {
  let asked = 0;
  return {
    get: async () => {
      asked += 1;
      return `t${asked}`;
    },
    asked: () => asked,
  };
}

test('the token travels as a bearer token and never in the address', async () => {
  const server = await startServer();
  new Reader(server, { token: 'secret', headers: { 'Belfry-Tenant': 'acme' } });
  const { request } = await server.next();
  expect(request.headers.authorization).toBe('Bearer secret');
  expect(request.headers['belfry-tenant']).toBe('acme');
  expect(request.url).not.toContain('secret');
});

test('a token is fetched once and kept over reconnects', async () => {
  const server = await startServer();
  const { get, asked } = tokens();
  const reader = new Reader(server, { token: get });
  (await server.next()).cut();
  await reader.backsOff();
  reader.environment.runNext();
  expect((await server.next()).header('authorization')).toBe('Bearer t1');
  expect(asked()).toBe(1);
});

test('a 401 fetches one fresh token at once, and a second 401 backs off', async () => {
  const server = await startServer();
  const { get, asked } = tokens();
  const reader = new Reader(server, { token: get });
  (await server.next()).problem(401, 'unauthenticated');
  const second = await server.next();
  expect(second.header('authorization')).toBe('Bearer t2');
  second.problem(401, 'unauthenticated');
  expect(await reader.backsOff()).toBeGreaterThan(0);
  expect(asked()).toBe(2);
  expect(reader.status).toMatchObject({ reason: 'unauthorized', error: { code: 'unauthenticated' } });
  reader.environment.runNext();
  const third = await server.next();
  expect(third.header('authorization')).toBe('Bearer t3');
  third.connect().state(1).live(1);
  expect(await reader.is('live')).toMatchObject({ error: null });
});

test('a token that does not come is given up, and asked for again', async () => {
  const server = await startServer();
  const waiting = Promise.withResolvers<string>();
  const asked: number[] = [];
  const token = (): Promise<string> => {
    asked.push(asked.length);
    return asked.length === 1 ? waiting.promise : Promise.resolve('fresh');
  };
  const reader = new Reader(server, { token, connectTimeoutMs: 60_000 });
  expect(reader.environment.waits).toEqual([30_000, 60_000]);
  reader.environment.runNext();
  await reader.sees(() => reader.errors.length > 0);
  expect(reader.errors[0]).toMatchObject({ code: 'unauthenticated', cause: { message: 'It took longer than 30 s.' } });
  await reader.backsOff();
  reader.environment.runNext();
  expect((await server.next()).header('authorization')).toBe('Bearer fresh');
  expect(asked).toHaveLength(2);
});

test('who stops while a token is fetched leaves no timer, and asks anew when started again', async () => {
  const server = await startServer();
  let asked = 0;
  const token = (): Promise<string> => {
    asked += 1;
    return asked === 1 ? new Promise(() => {}) : Promise.resolve('fresh');
  };
  const reader = new Reader(server, { token });
  expect(asked).toBe(1);
  reader.stream.stop();
  expect(reader.environment.waits).toEqual([]);
  reader.stream.start();
  expect((await server.next()).header('authorization')).toBe('Bearer fresh');
});

test('a fixed token that is refused is tried again, later', async () => {
  const server = await startServer();
  const reader = new Reader(server, { token: 'fixed' });
  (await server.next()).problem(401, 'unauthenticated');
  await reader.backsOff();
  expect(reader.errors).toMatchObject([{ code: 'unauthenticated', status: 401 }]);
});

test('a token that runs out while live is replaced at once, and the stream resumes', async () => {
  const server = await startServer();
  const reader = new Reader(server, { token: tokens().get });
  const first = await server.next();
  first.connect().state(10).live(10);
  await reader.is('live');
  first.frame('closing', null, { reason: 'token_expired', retryMs: 900 });
  const second = await server.next();
  expect(second.header('authorization')).toBe('Bearer t2');
  expect(second.header('last-event-id')).toBe(cursor(10));
  second.connect({ resumed: true, reason: null }).live(10);
  expect(await reader.is('live')).toMatchObject({ reason: 'token_expired' });
});

test('a fixed token that runs out waits as the server says', async () => {
  const server = await startServer();
  const reader = new Reader(server, { token: 'fixed' });
  const first = await server.next();
  first.connect().state(10).live(10);
  await reader.is('live');
  first.frame('closing', null, { reason: 'token_expired', retryMs: 900 });
  expect(await reader.backsOff()).toBe(900);
});

test('a getter that fails is a failed try like any other', async () => {
  const server = await startServer();
  let signedIn = false;
  const reader = new Reader(server, {
    token: () => {
      if (!signedIn) throw new Error('not signed in');
      return 'now';
    },
  });
  await reader.backsOff();
  expect(reader.errors).toMatchObject([{ code: 'unauthenticated', cause: new Error('not signed in') }]);
  signedIn = true;
  reader.environment.runNext();
  expect((await server.next()).header('authorization')).toBe('Bearer now');
});
