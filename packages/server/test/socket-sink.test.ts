import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SocketSink } from '../src/stream-door/socket-sink.ts';

const sockets: Socket[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Both ends of one connection. `prepare` sees the near end before anybody else. */
async function pair(prepare: (near: Socket) => void = () => {}): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [near] = (await once(server, 'connection')) as [Socket];
  server.close();
  sockets.push(near, far);
  near.on('error', () => {});
  prepare(near);
  return [near, far];
}

async function all(socket: Socket): Promise<string> {
  let text = '';
  for await (const piece of socket.setEncoding('latin1')) text += piece;
  return text;
}

/** Lengths of what a connection is given to write from now on. */
function writesOf(near: Socket): number[] {
  const written: number[] = [];
  const write = near.write.bind(near);
  near.write = ((bytes: Buffer) => {
    written.push(bytes.length);
    return write(bytes);
  }) as Socket['write'];
  return written;
}

const piece = (letter: string, length: number) => Buffer.from(letter.repeat(length));

const handle = (socket: Socket) => (socket as unknown as { _handle: { fd: number } | null })._handle;

/** As on Windows, and as a later Node might have it. */
function hideDescriptor(socket: Socket): void {
  Object.defineProperty(handle(socket), 'fd', { value: -1 });
}

describe.each([
  ['tells its descriptor', () => {}],
  ['does not tell its descriptor', hideDescriptor],
])('on a connection that %s', (_, prepare) => {
  it('sends what is gathered and what follows in its order, small and large, also where it ends at once', async () => {
    const [near, far] = await pair(prepare);
    const sink = new SocketSink(near);
    const pieces = [piece('a', 10), piece('b', 20_000), piece('c', 10), piece('d', 100_000), piece('e', 5)];
    sink.gather();
    for (const bytes of pieces) expect(sink.write(bytes)).toBe(bytes.length);
    sink.gather();
    sink.write(piece('f', 3));
    await new Promise(setImmediate);
    sink.gather();
    sink.write(piece('g', 3));
    expect(sink.buffered).toBeGreaterThanOrEqual(3);
    sink.end();
    expect(await all(far)).toBe(`${pieces.join('')}fffggg`);
  });

  it('gives what a reader does not take to the socket, and sends all of it in order when it does', async () => {
    const [near, far] = await pair(prepare);
    const sink = new SocketSink(near);
    const pieces = Array.from({ length: 200 }, (_, at) => piece(String.fromCharCode(97 + (at % 26)), 65_536));
    for (const bytes of pieces) expect(sink.write(bytes)).toBe(bytes.length);
    expect(sink.buffered).toBeGreaterThan(65_536);
    const reading = all(far);
    // While it goes on there is room again and again, before what waits has gone.
    for (let turn = 0; turn < 300; turn += 1) {
      pieces.push(piece('z', 1 + turn));
      sink.write(pieces.at(-1) as Buffer);
      await new Promise(setImmediate);
    }
    sink.end();
    expect((await reading) === pieces.join('')).toBe(true);
  });

  it('writes behind what the socket held before', async () => {
    const [near, far] = await pair(prepare);
    const pieces = [piece('a', 20_000_000)];
    near.write(pieces[0] as Buffer);
    const reading = all(far);
    for (let turn = 0; turn < 300; turn += 1) {
      pieces.push(piece('b', 10));
      new SocketSink(near).write(pieces.at(-1) as Buffer);
      await new Promise(setImmediate);
    }
    near.end();
    expect((await reading) === pieces.join('')).toBe(true);
  });

  it('finds out that the reader has gone', async () => {
    const [near, far] = await pair(prepare);
    const sink = new SocketSink(near);
    far.resetAndDestroy();
    while (!near.destroyed) {
      sink.write(piece('a', 10));
      await new Promise(setImmediate);
    }
    expect(sink.write(piece('a', 10))).toBe(0);
  });
});

it('writes what is gathered at once as one piece', async () => {
  const [near, far] = await pair(hideDescriptor);
  const sink = new SocketSink(near);
  const written = writesOf(near);
  sink.gather();
  for (const letter of 'abc') sink.write(piece(letter, 100));
  expect(written).toEqual([]);
  expect(sink.buffered).toBe(300);
  const [came] = (await once(far, 'data')) as [Buffer];
  expect(came.length).toBe(300);
  expect(written).toEqual([300]);
});

it('keeps what waits apart from what others gather meanwhile', async () => {
  const ends = [await pair(), await pair()];
  const full = piece('.', 20_000_000);
  for (const [near] of ends) near.write(full);
  for (const [at, [near]] of ends.entries()) {
    const sink = new SocketSink(near);
    sink.begin(`head ${at} `);
    sink.write(piece(String(at), 10));
  }
  await new Promise(setImmediate);
  for (const [near] of ends) near.end();
  const came = await Promise.all(ends.map(([, far]) => all(far)));
  expect(came.map((text) => text.slice(full.length))).toEqual([0, 1].map((at) => `head ${at} ${`${at}`.repeat(10)}`));
});

it('holds its beginning for what comes with it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const [near, far] = await pair(hideDescriptor);
  const sink = new SocketSink(near);
  const written = writesOf(near);
  sink.gather();
  sink.write(piece('a', 100));
  sink.hold();
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  expect(written).toEqual([]);
  sink.gather();
  sink.write(piece('b', 100));
  const [came] = (await once(far, 'data')) as [Buffer];
  expect(came.toString()).toBe('a'.repeat(100) + 'b'.repeat(100));
  vi.advanceTimersByTime(1_000);
  expect(written).toEqual([200]);
});

it('holds its beginning for a moment only', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const [near, far] = await pair(hideDescriptor);
  const sink = new SocketSink(near);
  const written = writesOf(near);
  sink.gather();
  sink.write(piece('a', 100));
  sink.hold();
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(written).toEqual([100]);
  expect(((await once(far, 'data')) as [Buffer])[0].length).toBe(100);
});

it('drops what was gathered for a connection that has been destroyed', async () => {
  const [near, far] = await pair();
  const sink = new SocketSink(near);
  sink.gather();
  sink.write(piece('a', 10));
  sink.destroy();
  expect(sink.write(piece('b', 10))).toBe(0);
  expect(await all(far).catch(() => '')).toBe('');
});

it('never writes into a connection that has got the descriptor of one before it', async () => {
  const [near] = await pair();
  const sink = new SocketSink(near);
  sink.write(piece('a', 10));
  near.destroy();
  const later = await Promise.all(Array.from({ length: 8 }, () => pair()));
  expect(sink.write(piece('b', 10))).toBe(0);
  for (const [socket] of later) socket.end('c');
  expect(await Promise.all(later.map(([, far]) => all(far)))).toEqual(later.map(() => 'c'));
});
