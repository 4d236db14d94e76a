import { BelfryError } from '@belfry/protocol';
import type { RequestHead } from '../http/request.ts';
import { bearerToken } from './credentials.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser adds cookies, and a Basic sign-in, to whatever any page sends, so a request that changes something by these
 * must come from our own origin or an allowed one. A Bearer token is never added by itself. Sec-Fetch-Site can't be
 * forged by a page; older browsers still send Origin.
 *
 * @throws BelfryError `forbidden`.
 */
export function requireSameOrigin(request: RequestHead, allowed: readonly string[]): void {
  const { headers } = request;
  if (SAFE.has(request.method) || bearerToken(headers) !== null) return;
  if (!headers.has('cookie') && !headers.has('authorization')) return;
  const origin = headers.get('origin');
  if (origin !== null && allowed.includes(origin)) return;
  const site = headers.get('sec-fetch-site');
  if (site === null ? isOwn(origin, headers.get('host')) : site === 'same-origin') return;
  throw new BelfryError(
    'forbidden',
    'A request that changes something by cookie must come from the same origin. Send the token as Authorization: Bearer, or allow the origin in BELFRY_CORS_ORIGINS.',
  );
}

/** Hosts are compared and not schemes: behind a proxy that ends TLS we see http where the page has https. */
function isOwn(origin: string | null, host: string | null): boolean {
  if (origin === null || host === null || !URL.canParse(origin)) return false;
  return new URL(origin).host === host;
}
