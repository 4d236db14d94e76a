import type { IncomingMessage } from 'node:http';

const LOOK_MS = 500;
/** Since the last look: who sends less only holds the connection. */
const LEAST_BYTES = 16_384;
const MAX_BYTES = 64 * 1_048_576;

/**
 * Reads what still comes of a request that has been answered, and throws it away: only then does its client get to read
 * the answer, and the connection to its next request. A client that goes on for too long, or drips, is cut off.
 */
export function discardRest(incoming: IncomingMessage): void {
  if (incoming.complete || incoming.destroyed) return;
  const { socket } = incoming;
  let [bytes, seen] = [0, 0];
  const end = (): void => clearInterval(looks);
  const cutOff = (): void => {
    end();
    socket.destroySoon();
  };
  const judge = (): void => {
    if (incoming.complete || socket.destroyed) end();
    else if (bytes - seen < LEAST_BYTES) cutOff();
    seen = bytes;
  };
  // Judged once the loop has read what lies there: it may have been this process that had no time.
  const looks = setInterval(() => setImmediate(judge), LOOK_MS).unref();
  incoming.on('data', ({ length }: Uint8Array) => {
    bytes += length;
    if (bytes > MAX_BYTES) cutOff();
  });
  incoming.once('end', end);
  incoming.once('close', end);
  incoming.resume();
}
