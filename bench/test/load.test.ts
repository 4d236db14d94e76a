import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { Figures } from '../src/figures.ts';
import { measureLoad, type Rush } from '../src/generator/load.ts';
import { Pace } from '../src/generator/pace.ts';
import type { Compose } from '../src/generator/publishers.ts';
import { numbered } from '../src/generator/sequence.ts';
import { getStream, postJson } from '../src/peers/http.ts';
import type { Ground } from '../src/scenarios/scenario.ts';

const STREAMS = 3;
let server: Server;

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** A little server that sends what is posted to all, each frame as often as `copies` says. */
async function measuredWith(
  copies: (stream: number) => number,
  {
    status = 201,
    answerAfterMs = 0,
    pace = null,
    rush = null,
  }: { status?: number; answerAfterMs?: number; pace?: Pace | null; rush?: Rush | null } = {},
): Promise<Figures> {
  const streams: ServerResponse[] = [];
  server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      streams.push(response.writeHead(200));
      response.write('event:ready\n\n');
      return;
    }
    let title = '';
    for await (const piece of request) title += piece;
    for (const [index, stream] of streams.entries()) stream.write(`data:${title}\n\n`.repeat(copies(index)));
    setTimeout(() => response.writeHead(status).end('{}'), answerAfterMs);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ground: Ground = {
    settings: {
      seconds: 0.2,
      warmup: 0,
      subscribers: STREAMS,
      connections: 0,
      inFlight: 2,
      batchSize: 0,
      people: 0,
      rate: 0,
    },
    peer: 'a little server',
    wire: { stream: () => getStream('/'), ready: 'event:ready\n', publish: ({ title }) => postJson('/', title) },
    servers: [{ host: '127.0.0.1', port, pid: process.pid }],
    services: {},
    phase: async () => {},
    ask: async () => 0,
  };
  const publish = ground.wire.publish;
  const compose: Compose = (open) => publish({ to: 'all', title: numbered(open('all'), 'Hello') });
  return measureLoad(ground, STREAMS, compose, pace, rush);
}

it('finds nothing missing and nothing doubled where each message comes to each stream once', async () => {
  const { missing, doubled, verified } = await measuredWith(() => 1);
  expect([missing, doubled]).toEqual([0, 0]);
  expect(verified).toBeGreaterThanOrEqual(STREAMS);
});

it('counts what one stream gets twice', async () => {
  const { missing, doubled } = await measuredWith((stream) => (stream === 1 ? 2 : 1));
  expect(missing).toBe(0);
  expect(doubled).toBeGreaterThan(0);
});

it('fails at once where a publish is refused', async () => {
  const refused = measuredWith(() => 1, { status: 503 });
  await expect(refused).rejects.toThrow('A publish was refused: HTTP/1.1 503');
});

it('with a pace publishes by the clock, not as fast as it can', async () => {
  const { requestsPerSecond } = await measuredWith(() => 1, { pace: new Pace(100) });
  expect(requestsPerSecond).toBeGreaterThan(0);
  expect(requestsPerSecond).toBeLessThan(150);
});

it('counts the time of a message that had to wait for its turn from when it was due', async () => {
  const slow = await measuredWith(() => 1, { answerAfterMs: 50, pace: new Pace(200) });
  expect(slow.late).toBeGreaterThan(0);
  // An answer takes 50 ms; with 2 in flight and 10 due in that time, they wait ever longer.
  expect(slow.answerP99).toBeGreaterThan(75);
});

it('publishes more in flight before it measures, and holds all of that to account', async () => {
  const rush = { inFlight: 20, seconds: 0.2 };
  const { requestsPerSecond, verified } = await measuredWith(() => 1, { answerAfterMs: 50, rush });
  // Each is answered after 50 ms: two in flight make forty a second, and twenty would make four hundred.
  expect(requestsPerSecond).toBeLessThan(100);
  expect(verified).toBeGreaterThanOrEqual(20 * STREAMS);
});
