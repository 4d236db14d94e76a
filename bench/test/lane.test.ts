import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { Answer } from '../src/generator/answer-reader.ts';
import { Lane } from '../src/generator/lane.ts';

let server: Server;
let lanes: Lane[] = [];

afterEach(async () => {
  for (const lane of lanes) lane.close();
  lanes = [];
  server.close();
  await once(server, 'close');
});

/** So many lanes to a server that does this with each request. */
async function laneTo(serve: (socket: Socket, request: string) => void, count = 1) {
  server = createServer((socket) => socket.on('data', (request) => serve(socket, String(request))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const outcomes = Array.from({ length: count }, () => Promise.withResolvers<Answer>());
  lanes = outcomes.map(({ resolve, reject }) => new Lane(address, (_, answer) => resolve(answer), reject));
  await Promise.all(lanes.map((lane) => lane.connected()));
  return outcomes.map(({ promise }) => promise);
}

it('gives each its own answer, where they come in pieces and all are read into one buffer', async () => {
  const answer = (text: string) => `HTTP/1.1 201 Created\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
  const answers = await laneTo((socket, request) => {
    const whole = answer(request.repeat(9));
    socket.write(whole.slice(0, 15));
    setImmediate(() => socket.write(whole.slice(15)));
  }, 8);
  for (const [index, lane] of lanes.entries()) lane.send(`request ${index}`);
  const beginnings = (await Promise.all(answers)).map(({ beginning }) => beginning);
  expect(beginnings).toEqual(lanes.map((_, index) => answer(`request ${index}`.repeat(9))));
});

it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
  'says so where the server closes instead of answering (%s)',
  async (how) => {
    const [answer] = await laneTo((socket) => socket[how]());
    lanes[0]?.send('request');
    await expect(answer).rejects.toThrow(how === 'resetAndDestroy' ? 'ECONNRESET' : 'The server closed a connection');
  },
);
