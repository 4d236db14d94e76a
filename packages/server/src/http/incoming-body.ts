import type { IncomingMessage } from 'node:http';
import { type BodyBudget, UNFINISHED_BODIES } from './body-budget.ts';
import { BodyInParts, brokenOff, tooLarge } from './body-in-parts.ts';

/**
 * The body of a request of Node's own, read by its events: an iterator over it costs several times as much. What comes
 * after a failure is thrown away and the request not destroyed, which would leave its connection stuck on unread bytes.
 *
 * @throws BelfryError as `readBody` does.
 */
export async function readIncoming(
  incoming: IncomingMessage,
  limit: number,
  budget: BodyBudget = UNFINISHED_BODIES,
): Promise<Buffer> {
  if (Number(incoming.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  if (hasNone(incoming)) return Buffer.alloc(0);
  if (incoming.destroyed) throw brokenOff(incoming.errored);
  const body = new BodyInParts(limit, budget);
  try {
    await ended(incoming, (piece) => body.add(piece));
    return body.whole();
  } finally {
    body.release();
  }
}

/** In HTTP/1 neither header means no body (RFC 9112 6.3). An app that this is mounted in may have read it already. */
function hasNone({ headers, httpVersionMajor, readableEnded }: IncomingMessage): boolean {
  if (readableEnded) return true;
  return httpVersionMajor < 2 && headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0);
}

/** `close` comes after `end` too: an error is made only where one is told, since its stack costs more than the body. */
function ended(incoming: IncomingMessage, take: (piece: Uint8Array) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const failWith = (error: unknown) => {
      isOver = true;
      reject(error);
    };
    const broken = (cause?: unknown) => {
      if (!isOver) failWith(brokenOff(cause));
    };
    incoming.on('data', (piece: Uint8Array) => {
      if (isOver) return;
      try {
        take(piece);
      } catch (error) {
        failWith(error);
      }
    });
    incoming.on('end', () => {
      isOver = true;
      resolve();
    });
    incoming.on('error', broken);
    incoming.on('close', broken);
  });
}
