import type { Socket } from 'node:net';
import { ProtocolHandler } from '@nats-io/transport-node';

/** What the library keeps to itself. */
interface Internals {
  options?: { name?: string };
  transport?: { closed(): Promise<unknown> };
  connectError?(error: Error): void;
  prepare?(this: Internals): unknown;
}

/**
 * Mends two things of transport-node 3.4.0 in each dial of connections of this name. The library makes a transport for
 * each, in `prepare`, and in that one socket after another.
 *
 * It takes all listeners from a socket and then destroys it, often from within a read of it: at a refused password, at a
 * close that waited for an answer. Where TLS finds an alert or garbage later in that same read, it tells of it all the
 * same, and an error that nobody hears ends the process: so one of ours stays.
 *
 * A dial that breaks between the handshake and the server's first answer is told of nothing, and would wait for its timeout.
 */
export function mendDialsOf(name: string): void {
  const prototype = ProtocolHandler.prototype as unknown as Internals;
  const { prepare } = prototype;
  if (prepare === undefined) return;
  prototype.prepare = function () {
    const prepared = prepare.call(this);
    const { transport, connectError } = this;
    if (this.options?.name !== name || transport === undefined) return prepared;
    hearSockets(transport);
    void transport.closed().then(() => connectError?.(new Error('the connection broke while it was being made')));
    return prepared;
  };
}

function hearSockets(transport: object): void {
  let current: Socket | undefined;
  Object.defineProperty(transport, 'socket', {
    configurable: true,
    enumerable: true,
    get: () => current,
    set(socket: Socket | undefined) {
      current = socket;
      if (socket !== undefined) hear(socket);
    },
  });
}

/** For as long as it lives, whoever takes its listeners away. */
function hear(socket: Socket): void {
  const remove = socket.removeAllListeners;
  socket.removeAllListeners = function (...args) {
    remove.apply(this, args);
    return this.off('error', ignore).on('error', ignore);
  };
  socket.on('error', ignore);
}

function ignore(): void {}
