import type { IncomingMessage, ServerResponse } from 'node:http';
import { discardRest } from './discard-rest.ts';
import type { Reply } from './reply.ts';

/** All in one piece, and with its length. */
export function sendReply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers, body }: Reply,
  more: Record<string, string> = {},
): void {
  const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
  outgoing.writeHead(status, { ...headers, ...more, ...length });
  outgoing.end(body ?? undefined);
  discardRest(incoming);
}
