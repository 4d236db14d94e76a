import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { numbered } from '../src/generator/sequence.ts';
import { Subscribers } from '../src/generator/subscribers.ts';
import { betterSse } from '../src/peers/better-sse.ts';
import type { Address } from '../src/peers/peer.ts';
import { socketIo } from '../src/peers/socket-io.ts';
import { RunningServer } from '../src/processes/server.ts';

let server: RunningServer;
let subscribers: Subscribers;

afterEach(async () => {
  subscribers.close();
  await server.stop();
});

it.each([betterSse, socketIo])('$name sends what is for one to that one, and what is for all to all', async (peer) => {
  server = await RunningServer.start(peer, {}, 'none');
  const { address } = server;
  const got: [subscriber: number, sequence: number][] = [];
  const all = Promise.withResolvers<void>();
  subscribers = new Subscribers(peer.wire, address, (subscriber, sequence) => {
    if (got.push([subscriber, sequence]) === 4) all.resolve();
  });
  await subscribers.open(3);
  await publish(address, peer.wire.publish({ to: 1, title: numbered(7, 'for one') }));
  await publish(address, peer.wire.publish({ to: 'all', title: numbered(8, 'for all') }));
  await Promise.race([all.promise, subscribers.failed]);
  expect(got.sort()).toEqual([
    [0, 8],
    [1, 7],
    [1, 8],
    [2, 8],
  ]);
});

/** Resolves when it has been answered. */
async function publish(address: Address, request: string): Promise<void> {
  const socket = connect(address);
  socket.write(request);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(answer.toString()).toContain(' 201 ');
}
