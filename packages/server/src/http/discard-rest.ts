import type { IncomingMessage } from 'node:http';

const PATIENCE_MS = 500;
const MAX_BYTES = 64 * 1_048_576;

/**
 * Reads what still comes of a request that has been answered, and throws it away: only then does its client get to read
 * the answer, and the connection to its next request. A client that goes on for too long is cut off.
 */
export function discardRest(incoming: IncomingMessage): void {
  if (incoming.complete || incoming.destroyed) return;
  const { socket } = incoming;
  const patience = setTimeout(() => socket.destroySoon(), PATIENCE_MS).unref();
  let bytes = 0;
  incoming.on('data', ({ length }: Uint8Array) => {
    bytes += length;
    if (bytes > MAX_BYTES) socket.destroySoon();
  });
  incoming.once('end', () => clearTimeout(patience));
  incoming.once('close', () => clearTimeout(patience));
  incoming.resume();
}
