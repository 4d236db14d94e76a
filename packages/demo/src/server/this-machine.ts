import type { IncomingMessage } from 'node:http';

const NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
const ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * Whether a request comes from this machine and means it. The demo hands out its API key, so the address alone is
 * not enough: a web page elsewhere can have its own name lead here (DNS rebinding), but the Host header tells.
 */
export function isFromThisMachine({ headers, socket }: IncomingMessage): boolean {
  const name = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  return NAMES.has(name) && ADDRESSES.has(socket.remoteAddress ?? '');
}
