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
/** Without `_`: proxies drop such names, and Node drops `__proto__`. */
const NAME = /^[a-z\d!#$%&'*+.^`|~-]+$/;
/** Neither controls nor anything past ASCII. */
const PLAIN = /^[\t\x20-\x7e]*$/;
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
  const [first = '', ...fields] = text.slice(0, end).split('\r\n');
  const [, target, run = null] = FIRST_LINE.exec(first) ?? [];
  const headers = target === undefined ? null : headersIn(fields);
  return target === undefined || headers === null ? 'other' : { target, run, headers };
}

/** Null where one of them is not plain, comes twice, or is meant for Node. */
function headersIn(fields: readonly string[]): Map<string, string> | null {
  if (fields.length > MOST_FIELDS) return null;
  const headers = new Map<string, string>();
  for (const field of fields) {
    const colon = field.indexOf(':');
    const name = field.slice(0, Math.max(0, colon)).toLowerCase();
    if (!NAME.test(name) || !PLAIN.test(field) || MEANT_FOR_NODE.has(name) || headers.has(name)) return null;
    headers.set(name, field.slice(colon + 1).trim());
  }
  return isPlainHost(headers.get('host')) && isPlainConnection(headers.get('connection')) ? headers : null;
}

function isPlainConnection(value = 'close'): boolean {
  return /^(?:close|keep-alive)$/i.test(value);
}
