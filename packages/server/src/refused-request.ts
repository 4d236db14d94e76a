import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { BelfryError, toProblem } from '@belfry/protocol';

/** What Node's parser says of bytes that are no request, and the status that tells it. */
const STATUS: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const WORDS: Record<number, string> = {
  400: 'This is not HTTP that can be read. Check what sends it, or the proxy before it.',
  408: 'The request did not come to its end in time.',
  413: 'The extensions of a chunk are too large.',
  431: 'The headers are too large: at most 16 KB together.',
};

/** The whole answer to what could not be read as a request, as it goes on the wire. The connection ends with it. */
export function refusedRequest(code: string | undefined): string {
  const status = STATUS[code ?? ''] ?? 400;
  const requestId = randomUUID();
  const error = new BelfryError(status === 413 || status === 431 ? 'too_large' : 'invalid', WORDS[status] as string);
  const body = JSON.stringify({ ...toProblem(error, requestId), status });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

const LINGER_MS = 1_000;

/**
 * Ends a connection so that the other side gets to read its last answer: closed with bytes unread, TCP would reset it
 * and take the answer along. What still comes is thrown away, for a moment.
 */
export function endSoon(socket: Socket, last: string): void {
  const patience = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(patience));
  socket.end(last);
}
