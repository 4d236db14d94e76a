import type { Core } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import type { RequestHeaders } from '../http/request.ts';
import { createKeyVerifier } from './api-key.ts';
import { bearerToken, cookieToken, looksLikeJwt } from './credentials.ts';
import { createJwtVerifier } from './jwt.ts';
import type { HeadResolver } from './principal-resolver.ts';
import { type AuthSettings, checkAuthSettings } from './settings.ts';
import { cachedVerifier } from './token-cache.ts';

/**
 * People by JWT, as a Bearer token or the cookie `belfry_token`; services by API key, as a Bearer token.
 *
 * @throws BelfryError `invalid` for a secret or key that is too short.
 */
export function createDefaultResolver(settings: AuthSettings, core: Core): HeadResolver {
  checkAuthSettings(settings);
  const { jwt = {}, apiKey } = settings;
  const verifyToken = cachedVerifier(createJwtVerifier(jwt, core.clock), core.clock);
  const keys = createKeyVerifier(apiKey, core.apiKeys);
  // It may look like anything. Where it does not, no token of a person need be compared with it.
  const rootLooksLikeJwt = apiKey !== undefined && looksLikeJwt(apiKey);

  return ({ headers }) => {
    const bearer = bearerToken(headers);
    if (bearer !== null) {
      const tenant = headers.get('belfry-tenant');
      const isJwt = looksLikeJwt(bearer);
      const root = isJwt && !rootLooksLikeJwt ? null : keys.asRoot(bearer, tenant);
      if (root !== null) return root;
      return isJwt ? verifyToken(bearer) : keys.verify(bearer, tenant);
    }
    if (headers.has('authorization')) throw noBearer(headers);
    const cookie = cookieToken(headers);
    return cookie === null ? null : verifyToken(cookie);
  };
}

/** `-H "Authorization: Bearer $TOKEN"` without the variable is the likeliest way to get here. */
function noBearer(headers: RequestHeaders): BelfryError {
  const isEmpty = /^Bearer\s*$/i.test(headers.get('authorization') ?? '');
  return new BelfryError(
    'unauthenticated',
    isEmpty
      ? 'The Bearer token is empty: is the variable set in this terminal?'
      : 'Send the credential as "Authorization: Bearer <token>".',
  );
}
