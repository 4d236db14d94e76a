import { isPlainHost } from '../http/node-door.ts';

/** A request for a stream about which nothing is unusual. */
export interface StreamHead {
  /** As it stands in the request. */
  target: string;
  /** The run that is to be followed; null: the main stream. */
  run: string | null;
  /** By names in lower case; each came once. */
  headers: ReadonlyMap<string, string>;
}

/** Node takes twice as much. */
const MOST_BYTES = 8_192;
const MOST_FIELDS = 64;
const BEGINNINGS = ['GET /v1/stream', 'GET /v1/runs/'];
const BLANK_LINE = '\r\n\r\n';
const FIRST_LINE = /^GET (\/v1\/(?:stream|runs\/([\w-]+)\/stream)(?:\?[\w.~!$&'()*+,;=:@/?%-]*)?) HTTP\/1\.1$/;
/**
 * Names without `_`: proxies drop such, and Node drops `__proto__`. Values without controls and without anything past
 * ASCII. All lines at once: to ask of each costs as much as all else.
 */
const FIELDS = /^(?:\r\n[a-zA-Z\d!#$%&'*+.^`|~-]+:[\t\x20-\x7e]*)*$/;
/** They say how the rest is to be read, so whoever sends one wants more than a stream. */
const MEANT_FOR_NODE = new Set([
  'content-length',
  'expect',
  'http2-settings',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What a connection begins with, where that is one plain request for a stream and not a byte more. `unfinished`: more
 * must come before that can be said. `other`: it is for Node's parser, which knows all of HTTP. Whatever is taken here
 * Node reads the same way (RFC 9112; a test compares them).
 */
export function readStreamHead(bytes: Buffer): StreamHead | 'unfinished' | 'other' {
  if (bytes.length > MOST_BYTES) return 'other';
  const text = bytes.toString('latin1');
  if (!BEGINNINGS.some((beginning) => text.startsWith(beginning) || beginning.startsWith(text))) return 'other';
  const end = text.indexOf(BLANK_LINE);
  if (end === -1) return 'unfinished';
  if (end + BLANK_LINE.length !== text.length) return 'other';
  const firstEnd = text.indexOf('\r\n');
  const line = FIRST_LINE.exec(text.slice(0, firstEnd));
  const headers = line === null ? null : headersIn(text.slice(firstEnd, end));
  return line === null || headers === null ? 'other' : { target: line[1] as string, run: line[2] ?? null, headers };
}

/** Each behind a line break. Null where one of them is not plain, comes twice, or is meant for Node. */
function headersIn(fields: string): Map<string, string> | null {
  if (!FIELDS.test(fields)) return null;
  const headers = new Map<string, string>();
  let count = 0;
  for (let at = 0; at < fields.length; count += 1) {
    const colon = fields.indexOf(':', at);
    const next = fields.indexOf('\r\n', colon);
    const end = next === -1 ? fields.length : next;
    const name = fields.slice(at + 2, colon).toLowerCase();
    if (MEANT_FOR_NODE.has(name)) return null;
    headers.set(name, fields.slice(colon + 1, end).trim());
    at = end;
  }
  if (headers.size < count || count > MOST_FIELDS) return null;
  return isPlainHost(headers.get('host')) && isPlainConnection(headers.get('connection')) ? headers : null;
}

function isPlainConnection(value = 'close'): boolean {
  return /^(?:close|keep-alive)$/i.test(value);
}
