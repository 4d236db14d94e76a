import { expect, test } from 'vitest';
import { Reader } from './support/reader.ts';
import { cursor, type Exchange, type ScriptedServer, startServer } from './support/scripted-server.ts';

/** The next connection, after the back-off that comes before it. */
async function reconnected(server: ScriptedServer, reader: Reader): Promise<Exchange> {
  await reader.backsOff();
  reader.environment.runNext();
  return server.next();
}

test('a first stream has no cursor, takes the state and is live', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  expect(first.header('accept')).toBe('text/event-stream');
  expect(first.header('last-event-id')).toBeUndefined();
  expect(first.query.has('access')).toBe(false);
  first.connect().state(10).live(10);
  expect(await reader.is('live')).toMatchObject({ resumed: false, stateReason: 'new', caughtUp: 0, reason: null });
  expect(reader.states).toEqual([cursor(10)]);
  expect(reader.gaps).toEqual([]);
});

test('after a break it sends its cursor and access back, and counts what it caught up', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect({ access: 'a7' }).state(10).live(10).message(11);
  await reader.reaches(11);
  first.end();
  const second = await reconnected(server, reader);
  expect(second.header('last-event-id')).toBe(cursor(11));
  expect(second.query.get('access')).toBe('a7');
  second.connect({ access: 'a7', resumed: true, reason: null }).message(12).message(14).live(14).message(15);
  await reader.reaches(15);
  expect(reader.status).toMatchObject({ value: 'live', resumed: true, caughtUp: 2, reason: 'ended' });
  expect(reader.numbers).toEqual([11, 12, 14, 15]);
  expect(reader.gaps).toEqual([]);
});

test('what comes twice is handed over once', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10).message(11).message(11).message(9).message(12).message(11).message(13);
  await reader.reaches(13);
  expect(reader.numbers).toEqual([11, 12, 13]);
});

test('a server that replays too much makes no duplicate', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10).message(11).message(12);
  await reader.reaches(12);
  first.cut();
  const second = await reconnected(server, reader);
  second.connect({ resumed: true, reason: null }).message(11).message(12).message(13).live(13);
  expect(await reader.is('live')).toMatchObject({ caughtUp: 1 });
  expect(reader.numbers).toEqual([11, 12, 13]);
});

test('a heartbeat moves the cursor on, and never back', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10).heartbeat(900);
  await reader.reaches(900);
  first.heartbeat(20).message(901);
  await reader.reaches(901);
  first.end();
  const second = await reconnected(server, reader);
  expect(second.header('last-event-id')).toBe(cursor(901));
});

test('a heartbeat and an event of the same number, in one piece, leave the event in', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first
    .connect()
    .state(10)
    .live(10)
    .write(`id: ${cursor(11)}\n\nid: ${cursor(12)}\ndata: {"type":"a","data":{"n":12}}\n\n`);
  await reader.reaches(12);
  expect(reader.numbers).toEqual([12]);
});

test('a stream that could not resume tells of the gap once the state is there', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10);
  await reader.is('live');
  first.end();
  const second = await reconnected(server, reader);
  second.connect({ resumed: false, reason: 'expired' });
  await reader.sees(() => reader.frames.filter(({ event }) => event === 'connected').length === 2);
  expect(reader.gaps).toEqual([]);
  second.state(50).live(50);
  expect(await reader.is('live')).toMatchObject({ resumed: false, stateReason: 'expired' });
  expect(reader.gaps).toEqual(['expired']);
});

test('cut off between connected and state, it does not resume past the state it never got', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect({ access: 'old' }).state(10).live(10);
  await reader.is('live');
  first.end();
  const second = await reconnected(server, reader);
  second.connect({ resumed: false, reason: 'access', access: 'new' }).heartbeat(40);
  await reader.sees(() => reader.frames.at(-1)?.event === 'id');
  second.cut();
  const third = await reconnected(server, reader);
  expect(third.header('last-event-id')).toBeUndefined();
  third.connect({ resumed: false, reason: 'new', access: 'new' }).state(60).live(60);
  await reader.is('live');
  expect(reader.gaps).toEqual(['access']);
});

test('without state the gap is told when the stream is live', async () => {
  const server = await startServer();
  const reader = new Reader(server, { state: false, cursor: cursor(5), access: 'a1' });
  const first = await server.next();
  expect(first.query.get('state')).toBe('none');
  expect(first.header('last-event-id')).toBe(cursor(5));
  first.connect({ resumed: false, reason: 'epoch' }).live(70);
  await reader.reaches(70);
  expect(reader.gaps).toEqual(['epoch']);
});

test('a state in mid-stream replaces the position, backwards and across epochs too', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10).message(11).state(11);
  await reader.sees(() => reader.states.length === 2);
  expect(reader.gaps).toEqual([]);
  first.frame('state', cursor(3, 'k4'), { notifications: { items: [], unread: 0, unseen: 0, nextCursor: null } });
  await reader.sees(() => reader.states.length === 3);
  expect(reader.gaps).toEqual(['epoch']);
  first.write(`id: ${cursor(4, 'k4')}\ndata: {"type":"a","data":{"n":4}}\n\n`);
  await reader.sees(() => reader.stream.cursor === cursor(4, 'k4'));
  expect(reader.numbers).toEqual([11, 4]);
});

test('stopped and started again it resumes, with nothing twice', async () => {
  const server = await startServer();
  const reader = new Reader(server);
  const first = await server.next();
  first.connect().state(10).live(10).message(11);
  await reader.reaches(11);
  reader.stream.stop();
  await first.closed;
  expect(reader.status.value).toBe('closed');
  reader.stream.start();
  const second = await server.next();
  expect(second.header('last-event-id')).toBe(cursor(11));
  second.connect({ resumed: true, reason: null }).message(12).live(12);
  await reader.is('live');
  expect(reader.numbers).toEqual([11, 12]);
});

test('filters and the device travel in the query', async () => {
  const server = await startServer();
  new Reader(server, { channels: ['all', 'topic:a b'], types: ['x*'], events: [], device: 'd1' });
  const { query } = await server.next();
  expect(Object.fromEntries(query)).toEqual({ channels: 'all,topic:a b', types: 'x*', events: '', device: 'd1' });
});
