import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { EventEnvelope } from '@belfry/protocol';
import { expect, expectTypeOf, test } from 'vitest';
import {
  type Belfry,
  BelfryError,
  type BelfryOptions,
  createBelfry,
  createClient,
  type Frame,
  type Notification,
  type Question,
  type StateReason,
  type Status,
} from '../src/index.ts';
import { createPublisher, type EventInput, type ServiceNotification } from '../src/publisher/index.ts';
import { ManualEnvironment } from './support/manual-environment.ts';
import { event, notification } from './support/model-inbox.ts';
import { afterTest, cursor, type Exchange, type ScriptedServer, startServer } from './support/scripted-server.ts';
import { until } from './support/until.ts';

interface Opened {
  belfry: Belfry;
  environment: ManualEnvironment;
  server: ScriptedServer;
  stream: Exchange;
}

async function open(options: Partial<BelfryOptions> = {}, frame: object = {}): Promise<Opened> {
  const server = await startServer();
  const environment = new ManualEnvironment();
  const belfry = createBelfry({ url: `${server.url}/`, environment, ...options });
  afterTest(() => belfry.stop());
  belfry.start();
  const stream = await server.next();
  stream.connect(frame).state(10).live(10);
  await until(belfry.status, ({ value }) => value === 'live');
  return { belfry, environment, server, stream };
}

const next = (belfry: Belfry, type: string): Promise<EventEnvelope> =>
  new Promise((resolve) => {
    const off = belfry.on(type, (one) => {
      off();
      resolve(one as EventEnvelope);
    });
  });

test('handlers get exact types, prefixes or everything, until they are taken off', async () => {
  const { belfry, stream } = await open();
  const got: string[] = [];
  belfry.on('build.done', ({ type }, at) => got.push(`exact ${type} ${at}`));
  belfry.on('build.*', ({ type }) => got.push(`prefix ${type}`));
  belfry.on('*', ({ type }) => got.push(`all ${type}`));
  const off = belfry.on('build.failed', () => got.push('never'));
  off();
  stream.message(11, event('build.done', {})).message(12, event('build.failed', {})).message(13, event('x', {}));
  await next(belfry, 'x');
  expect(got).toEqual([
    `exact build.done ${cursor(11)}`,
    'prefix build.done',
    'all build.done',
    'prefix build.failed',
    'all build.failed',
    'all x',
  ]);
});

test('events of questions pass as they came, and leave the inbox alone', async () => {
  const { belfry, stream } = await open();
  const before = belfry.inbox.getSnapshot();
  const question = { id: 'q', status: 'answered', answer: { content: { value: 'yes' } } };
  const got = next(belfry, 'question.answered');
  stream.message(11, event('question.answered', { question }));
  expect((await got).data).toEqual({ question });
  expect(belfry.inbox.getSnapshot()).toBe(before);
});

test('a handler that throws keeps nothing from the others', async () => {
  const { belfry, environment, stream } = await open();
  const thrown = new Error('in the app');
  belfry.on('*', () => {
    throw thrown;
  });
  stream.message(11, event('x', {}));
  await next(belfry, 'x');
  expect(environment.reported).toEqual([thrown]);
});

test('when a handler hears of an event, the inbox has it already', async () => {
  const { belfry, stream } = await open();
  const unread = new Promise((resolve) => {
    belfry.on('notification.created', () => resolve(belfry.inbox.getSnapshot().unread));
  });
  stream.message(11, event('notification.created', { notification: notification(11) }));
  expect(await unread).toBe(1);
});

test("Belfry's own events bring their types, an app's own are envelopes", () => {
  const belfry = createBelfry({ url: '' });
  belfry.on('notification.withdrawn', ({ data }) => expectTypeOf(data).toEqualTypeOf<{ id: string }>());
  belfry.on('build.done', (one) => expectTypeOf(one).toEqualTypeOf<EventEnvelope>());
  belfry.on('question.answered', ({ data }) => expectTypeOf(data).toEqualTypeOf<{ question: Question }>());
});

test('the events that an app names bring their own types, and Belfry’s stay what they are', () => {
  interface Events {
    'build.finished': { id: string; passed: boolean };
    // Not for an app to say: it is Belfry's.
    'notification.withdrawn': { nonsense: true };
  }
  for (const client of [createBelfry<Events>({ url: '' }), createClient<Events>({ url: '' })]) {
    client.on('build.finished', ({ type, data }) => {
      expectTypeOf(type).toEqualTypeOf<'build.finished'>();
      expectTypeOf(data).toEqualTypeOf<{ id: string; passed: boolean }>();
    });
    client.on('notification.withdrawn', ({ data }) => expectTypeOf(data).toEqualTypeOf<{ id: string }>());
    client.on('build.*', (one) => expectTypeOf(one).toEqualTypeOf<EventEnvelope>());
    client.on('*', (one, cursor) => {
      expectTypeOf(one).toEqualTypeOf<EventEnvelope>();
      expectTypeOf(cursor).toEqualTypeOf<string | null>();
    });
  }
});

test('what the client gives can be named by types of its own', async () => {
  const { belfry } = await open();
  expectTypeOf(belfry.inbox.getSnapshot().items).toExtend<readonly Notification[]>();
  belfry.onGap((reason) => expectTypeOf(reason).toEqualTypeOf<StateReason>());
  belfry.onError((error) => expectTypeOf(error).toEqualTypeOf<BelfryError>());
  const publisher = createPublisher({ url: 'http://127.0.0.1:1', apiKey: 'k' });
  expectTypeOf(publisher.publish).parameter(0).toEqualTypeOf<EventInput>();
  expectTypeOf(publisher.notify).returns.resolves.toEqualTypeOf<ServiceNotification>();
  expect(() => createBelfry({ url: 'nonsense' })).toThrow(BelfryError);
});

test('a filter on events keeps the stores going', async () => {
  const { stream } = await open({ events: ['build.*'] });
  expect(stream.query.get('events')).toBe('build.*,notification.*,question.*,run.*');
});

test('status, frames, gaps and errors can be followed', async () => {
  const server = await startServer();
  const environment = new ManualEnvironment();
  const belfry = createBelfry({ url: server.url, environment });
  afterTest(() => belfry.stop());
  const values: string[] = [];
  const frames: Frame[] = [];
  const gaps: string[] = [];
  const errors: string[] = [];
  belfry.onStatus((status: Status) => values.push(status.value));
  belfry.onFrame((frame) => frames.push(frame));
  belfry.onGap((reason) => gaps.push(reason));
  belfry.onError(({ code }) => errors.push(code));
  belfry.start();
  const first = await server.next();
  first.connect().state(10).live(10);
  await until(belfry.status, ({ value }) => value === 'live');
  first.end();
  await environment.timer(500);
  environment.runNext();
  (await server.next()).problem(503, 'unavailable');
  await environment.timer(500);
  environment.runNext();
  (await server.next()).connect({ resumed: false, reason: 'epoch' }).state(3).live(3);
  await until(belfry.status, ({ value }) => value === 'live');
  belfry.stop();
  await until(belfry.status, ({ value }) => value === 'closed');
  expect(values.filter((value, at) => value !== values[at - 1])).toEqual([
    'connecting',
    'live',
    'reconnecting',
    'live',
    'closed',
  ]);
  expect(frames.map(({ event: name }) => name)).toEqual(['connected', 'state', 'live', 'connected', 'state', 'live']);
  expect(gaps).toEqual(['epoch']);
  expect(errors).toEqual(['unavailable']);
});

test('a device acknowledges what arrived, at most every 30 s, and nothing when nothing came', async () => {
  const { belfry, environment, server, stream } = await open({ device: 'd1', token: 't' });
  expect(stream.query.get('device')).toBe('d1');
  stream.message(11, event('x', {}));
  await next(belfry, 'x');
  environment.advance(29_999);
  expect(server.untaken).toEqual([]);
  stream.message(12, event('x', {}));
  await next(belfry, 'x');
  environment.advance(7_501);
  const ack = await server.next('/v1/ack');
  expect(ack.body).toEqual({ device: 'd1', cursor: cursor(12) });
  expect(ack.header('authorization')).toBe('Bearer t');
  ack.answer(204);
  stream.heartbeat(90);
  const asked = belfry.ack();
  (await server.next('/v1/ack')).answer(204);
  await asked;
  expect(environment.waits.filter((ms) => ms >= 30_000 && ms <= 45_000)).toEqual([]);
});

test.each([
  ['a read-only principal', { device: 'd1' }, { readOnly: true }],
  ['a filtered stream', { device: 'd1', types: ['a'] }, {}],
  ['a client without a device', {}, {}],
])('%s sends no acks', async (_who, options, frame) => {
  const { belfry, environment, server, stream } = await open(options, frame);
  stream.message(11, event('x', {}));
  await next(belfry, 'x');
  expect(environment.waits.filter((ms) => ms >= 30_000 && ms <= 45_000)).toEqual([]);
  environment.advance(60_000);
  await belfry.inbox.loadMore();
  expect(server.untaken).toEqual([]);
});

test('marks and the stream share one fresh token', async () => {
  let asked = 0;
  const token = (): string => {
    asked += 1;
    return `t${asked}`;
  };
  const { belfry, server } = await open({ token });
  const taken = belfry.inbox.read('i1');
  (await server.next('/v1/inbox/marks')).problem(401, 'unauthenticated');
  const again = await server.next('/v1/inbox/marks');
  expect(again.header('authorization')).toBe('Bearer t2');
  again.answer(204);
  expect(await taken).toBe(true);
  expect(asked).toBe(2);
});

test('stopped, it leaves no timer behind', async () => {
  const { belfry, environment, stream } = await open({ device: 'd1' });
  stream.message(11, event('x', {}));
  await next(belfry, 'x');
  belfry.stop();
  expect(environment.waits).toEqual([]);
  expect(environment.listeners).toBe(0);
  await stream.closed;
});

test('importing and creating a client touches no global', async () => {
  const child = fileURLToPath(new URL('./support/untouched-globals.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=belfry-src', child]);
  expect(JSON.parse(stdout)).toEqual({ before: [], started: ['fetch'] });
});
