import type { IncomingMessage, ServerResponse } from 'node:http';
import { discardRest } from './discard-rest.ts';
import type { Reply } from './reply.ts';

/** From here on a text costs less to send as bytes: with its head it would be copied twice more, one of them to be measured. */
const LONG = 16_384;

/** All in one piece, and with its length. */
export function sendReply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers, body }: Reply,
  more: Record<string, string> = {},
): void {
  const sent = body !== null && body.length >= LONG ? Buffer.from(body) : body;
  const length = sent === null ? {} : { 'content-length': Buffer.byteLength(sent) };
  outgoing.writeHead(status, { ...headers, ...more, ...length });
  outgoing.end(sent ?? undefined);
  discardRest(incoming);
}
