import { expect, test } from 'vitest';
import { createPublisher, type PublisherOptions, RequestError } from '../src/publisher/index.ts';
import { ManualEnvironment } from './support/manual-environment.ts';
import { startServer } from './support/scripted-server.ts';

async function open(options: Partial<PublisherOptions> = {}) {
  const server = await startServer();
  const environment = new ManualEnvironment();
  const publisher = createPublisher({ url: server.url, apiKey: 'key', environment, ...options });
  return { server, environment, publisher };
}

const COMMENT = { to: 'user:42', type: 'comment', title: 'Hello' };

test('a notification goes out with the key, the tenant and an Idempotency-Key of its own', async () => {
  const { server, publisher } = await open({ tenant: 'acme' });
  const keys: (string | undefined)[] = [];
  for (let count = 0; count < 2; count += 1) {
    const sent = publisher.notify(COMMENT);
    const request = await server.next('/v1/notifications');
    expect(request.request.method).toBe('POST');
    expect(request.header('authorization')).toBe('Bearer key');
    expect(request.header('belfry-tenant')).toBe('acme');
    expect(request.body).toEqual(COMMENT);
    keys.push(request.header('idempotency-key'));
    request.answer(201, { id: 'n1' });
    expect(await sent).toEqual({ id: 'n1' });
  }
  expect(new Set(keys).size).toBe(2);
});

test('many go as one batch, events answer their cursor, and a key of the caller is used', async () => {
  const { server, publisher } = await open();
  const many = publisher.notifyMany([COMMENT, COMMENT], { idempotencyKey: 'mine' });
  const batch = await server.next('/v1/notifications/batch');
  expect(batch.body).toEqual({ notifications: [COMMENT, COMMENT] });
  expect(batch.header('idempotency-key')).toBe('mine');
  batch.answer(201, { notifications: [{ id: 'a' }, { id: 'b' }] });
  expect(await many).toEqual([{ id: 'a' }, { id: 'b' }]);
  const published = publisher.publish({ to: ['all'], type: 'build.done', data: { ok: true } });
  (await server.next('/v1/events')).answer(202, { cursor: 'k3-1-a' });
  expect(await published).toEqual({ cursor: 'k3-1-a' });
});

test('lost answers, a busy and an absent server are met with the same key again', async () => {
  const { server, environment, publisher } = await open();
  const sent = publisher.notify(COMMENT);
  const first = await server.next('/v1/notifications');
  first.cut();
  await environment.timer(100);
  environment.runNext();
  const keys = [first.header('idempotency-key')];
  const answers = [
    [503, 'unavailable', 200],
    [429, 'rate_limited', 400],
    [409, 'idempotency_in_progress', 800],
  ] as const;
  for (const [status, code, wait] of answers) {
    const request = await server.next('/v1/notifications');
    keys.push(request.header('idempotency-key'));
    request.problem(status, code);
    await environment.timer(wait);
    environment.runNext();
  }
  (await server.next('/v1/notifications')).answer(201, { id: 'n1' });
  expect(await sent).toEqual({ id: 'n1' });
  expect(new Set(keys).size).toBe(1);
});

test('Retry-After is honoured, and beyond the time a call may take it fails at once', async () => {
  const { server, environment, publisher } = await open({ retryForMs: 10_000 });
  const sent = publisher.notify(COMMENT);
  (await server.next('/v1/notifications')).problem(503, 'unavailable', { 'Retry-After': '7' });
  await environment.timer(7_000);
  environment.runNext();
  (await server.next('/v1/notifications')).problem(503, 'unavailable', { 'Retry-After': '7' });
  await expect(sent).rejects.toMatchObject({ code: 'unavailable', status: 503, retryAfter: 7 });
  expect(environment.waits).toEqual([]);
});

test('what is wrong stays wrong: no retry, and the error carries the problem', async () => {
  const { server, publisher } = await open();
  const sent = publisher.notify(COMMENT);
  (await server.next('/v1/notifications')).answer(400, {
    ...{ type: 'urn:belfry:problem:invalid', title: 'Invalid request', status: 400, code: 'invalid' },
    ...{ detail: 'title is too long.', field: 'title', requestId: 'r9' },
  });
  const error: unknown = await sent.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject({ name: 'BelfryError', code: 'invalid', field: 'title', status: 400 });
  expect(error).toMatchObject({ message: 'title is too long.', problem: { requestId: 'r9' } });
  expect(server.untaken).toEqual([]);
});

test('answers that are not of Belfry become errors that say so', async () => {
  const { server, publisher } = await open({ retryForMs: 0 });
  const notFound = publisher.notify(COMMENT);
  (await server.next('/v1/notifications')).open('text/html').response.end('<h1>Hi</h1>');
  await expect(notFound).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('Check the url') });
  const gateway = publisher.notify(COMMENT);
  (await server.next('/v1/notifications')).response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad</h1>');
  await expect(gateway).rejects.toMatchObject({ code: 'unavailable', status: 502, problem: null });
  const newer = publisher.notify(COMMENT);
  (await server.next('/v1/notifications')).problem(418, 'code_of_the_future');
  await expect(newer).rejects.toMatchObject({ code: 'invalid', problem: { code: 'code_of_the_future' } });
});
