import { Socket } from 'node:net';
import { isMissing, NATS, startNats } from '@belfry/contract-tests/services';
import { connect, ProtocolHandler } from '@nats-io/transport-node';
import { afterEach, expect, test } from 'vitest';
import { mendDialsOf } from '../src/bus/nats/dials.ts';
import { closingAfterEach } from './support/closing.ts';

/** What the library keeps to itself and is mended. Where a new version has it otherwise, look into `dials.ts` again. */
interface Dial {
  transport: { socket: unknown; closed(): Promise<unknown> };
  connectError: unknown;
}

const prototype = ProtocolHandler.prototype as unknown as { prepare(this: Dial): unknown };
const { prepare } = prototype;
afterEach(() => {
  prototype.prepare = prepare;
});
const closing = closingAfterEach();

test.skipIf(isMissing(NATS))('each dial of the NATS library has what is mended in it', async () => {
  const server = await startNats();
  closing(() => server.dispose());
  mendDialsOf('pinned');
  const dials: [Dial, unknown][] = [];
  const mended = prototype.prepare;
  prototype.prepare = function () {
    const prepared = mended.call(this);
    dials.push([this, this.connectError]);
    return prepared;
  };
  const connection = await connect({ servers: `127.0.0.1:${server.port}`, name: 'pinned' });
  expect(dials).toHaveLength(1);
  const [[{ transport }, connectError]] = dials as [[Dial, unknown]];
  expect(connectError).toBeTypeOf('function');
  expect(transport.closed()).toBeInstanceOf(Promise);
  const { socket } = transport;
  expect(socket).toBeInstanceOf(Socket);
  const heard = () => (socket as Socket).listenerCount('error');
  expect(heard()).toBe(2);
  await connection.close();
  // Theirs is gone, and ours stays.
  expect(heard()).toBe(1);
});
