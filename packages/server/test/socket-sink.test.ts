import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { SocketSink } from '../src/stream-door/socket-sink.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Both ends of one connection. */
async function pair(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [near] = (await once(server, 'connection')) as [Socket];
  server.close();
  sockets.push(near, far);
  return [near, far];
}

async function all(socket: Socket): Promise<string> {
  let text = '';
  for await (const piece of socket.setEncoding('latin1')) text += piece;
  return text;
}

const piece = (letter: string, length: number) => Buffer.from(letter.repeat(length));

it('sends what is gathered and what follows in its order, small and large, also where it ends at once', async () => {
  const [near, far] = await pair();
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

it('writes what is gathered at once as one piece', async () => {
  const [near, far] = await pair();
  const sink = new SocketSink(near);
  const written: number[] = [];
  const write = near.write.bind(near);
  near.write = ((bytes: Buffer) => {
    written.push(bytes.length);
    return write(bytes);
  }) as Socket['write'];
  sink.gather();
  for (const letter of 'abc') sink.write(piece(letter, 100));
  expect(written).toEqual([]);
  expect(sink.buffered).toBe(300);
  const [came] = (await once(far, 'data')) as [Buffer];
  expect(came.length).toBe(300);
  expect(written).toEqual([300]);
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
