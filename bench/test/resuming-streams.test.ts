import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ResumingStreams } from '../src/generator/resuming-streams.ts';
import { placeIn } from '../src/generator/stream-place.ts';

const OPENING = 'event: connected\ndata: {"access":"9f2c"}\n\nevent: live\nid: k-1\ndata: {}\n\n';
const message = (id: string, sequence: number) =>
  `id: ${id}\ndata: {"title":"seq=${String(sequence).padStart(10, '0')} Ada"}\n\n`;
const wire = {
  stream: (user: number, from?: { cursor: string; access: string }) => `${user} ${from?.cursor ?? '-'}\n`,
  ready: 'event: live\n',
};

let server: Server;
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

/** A server that gives each connection, by its number, what `answer` does with it. */
async function serve(answer: (connection: number, socket: Socket, asked: string) => void) {
  let connections = 0;
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (asked) => answer(++connections, socket, asked.toString().trim()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

it('comes back after the last whole frame, and counts what was cut off once', async () => {
  const asked: string[] = [];
  const got: number[] = [];
  const address = await serve((connection, socket, said) => {
    asked.push(said);
    const again = connection === 1 ? message('k-2', 1) + message('k-3', 2).slice(0, -1) : message('k-3', 2);
    socket.write(connection === 1 ? OPENING + again : again + OPENING.replace('k-1', 'k-3'));
    if (connection === 1) socket.end();
  });
  const streams = new ResumingStreams(wire, address, 1, (_, sequence) => got.push(sequence));
  await streams.open();
  while (got.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  streams.close();
  expect(asked).toEqual(['0 -', '0 k-2']);
  expect(got).toEqual([1, 2]);
});

it('tries again when the server says, where it was given no stream', async () => {
  const times: number[] = [];
  const address = await serve((connection, socket) => {
    times.push(performance.now());
    if (connection > 1) socket.write(OPENING);
    else socket.end('event: closing\ndata: {"reason":"overload","retryMs":60}\n\n');
  });
  const streams = new ResumingStreams(wire, address, 1, () => {});
  await streams.open();
  streams.close();
  expect([streams.refused, streams.live]).toEqual([1, 1]);
  expect((times[1] as number) - (times[0] as number)).toBeGreaterThanOrEqual(58);
});

it('finds the last cursor, and the access, in what a stream began with', () => {
  expect(placeIn(OPENING)).toEqual({ cursor: 'k-1', access: '9f2c' });
  expect(placeIn('HTTP/1.1 200 OK\r\n\r\n: hi\n\n')).toEqual({ cursor: '', access: '' });
});
