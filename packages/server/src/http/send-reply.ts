import type { IncomingMessage, ServerResponse } from 'node:http';
import { discardRest } from './discard-rest.ts';
import type { Reply, Text } from './reply.ts';

/** From here on a text costs less to send as bytes: with its head it would be copied twice more, one of them to be measured. */
const LONG = 16_384;

/** All at once, and with its length. */
export function sendReply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers, body }: Reply,
  more: Record<string, string> = {},
): void {
  const pieces = body === null ? [] : encoded(body);
  const length = body === null ? {} : { 'content-length': sizeOf(pieces) };
  outgoing.writeHead(status, { ...headers, ...more, ...length });
  const last = pieces.pop();
  // Node sends what is written in one turn of the loop together.
  for (const piece of pieces) outgoing.write(piece);
  outgoing.end(last);
  discardRest(incoming);
}

function encoded(body: Text): (string | Buffer)[] {
  const pieces = typeof body === 'string' ? [body] : body;
  return pieces.map((piece) => (piece.length >= LONG ? Buffer.from(piece) : piece));
}

function sizeOf(pieces: readonly (string | Buffer)[]): number {
  return pieces.reduce((size, piece) => size + Buffer.byteLength(piece), 0);
}
