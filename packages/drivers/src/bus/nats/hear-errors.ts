import type { Socket } from 'node:net';
import { ProtocolHandler } from '@nats-io/transport-node';

/** What the library keeps to itself. */
interface Internals {
  options?: { name?: string };
  transport?: object;
  prepare?(this: Internals): unknown;
}

/**
 * Errors of sockets that the library has let go of are heard, on connections of this name.
 *
 * transport-node 3.4.0 takes all listeners from a socket and then destroys it, often from within a read of it: at a refused
 * password, at a close that waited for an answer. Where TLS finds an alert or garbage later in that same read, it tells of
 * it all the same, and an error that nobody hears ends the process. The library makes its sockets itself, one after another
 * in a transport, and a transport for each time it dials; `prepare` makes that.
 */
export function hearErrorsOf(name: string): void {
  const prototype = ProtocolHandler.prototype as unknown as Internals;
  const { prepare } = prototype;
  if (prepare === undefined) return;
  prototype.prepare = function () {
    const prepared = prepare.call(this);
    if (this.options?.name === name && this.transport !== undefined) hearSockets(this.transport);
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
