import { claimsOf } from '../claims.ts';
import type { Requester } from '../requester.ts';
import type { ConnectionOptions } from '../sender.ts';
import { type StreamFilters, streamQuery } from '../stream-options.ts';

/** These differ from token to token of the same person. */
const PASSING_CLAIMS = ['exp', 'iat', 'nbf', 'jti'];

export interface SharingOptions extends ConnectionOptions, StreamFilters {
  /** The tabs of a browser that show the same person's share one connection. False: each has its own. */
  shared?: boolean;
  /**
   * Tells the sessions of different people on this page's origin apart, such as the id of the person's session. Not
   * needed where the token is a JWT, or where `/v1/me` may be asked who it is for.
   */
  sessionKey?: string;
}

/**
 * The name that tabs find each other by: the same for the same server, person and filters, another for anything else.
 * It is a digest, so that neither a token nor who somebody is can be read from it.
 */
export async function sessionName(
  options: SharingOptions,
  requester: Requester,
  token: string | null,
): Promise<string> {
  const { sessionKey, headers, credentials } = options;
  const identity = sessionKey === undefined ? await identityOf(requester, token) : { sessionKey };
  const facts = [requester.address, streamQuery(options), headers, credentials, identity];
  return `belfry-1-${await digestOf(JSON.stringify(facts))}`;
}

/** Who a token is for, as it says itself where it is a JWT, else as the server says. */
async function identityOf(requester: Requester, token: string | null): Promise<unknown> {
  const claims = token === null ? null : claimsOf(token);
  if (claims !== null) return lasting(claims);
  const me = (await requester.call('/v1/me', {})) as Record<string, unknown>;
  return ['tenant', 'user', 'roles', 'channels', 'readOnly'].map((name) => me[name]);
}

/** In the same order, whoever wrote it. */
function lasting(claims: object): [string, unknown][] {
  return Object.entries(claims)
    .filter(([name]) => !PASSING_CLAIMS.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
