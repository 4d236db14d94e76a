import { createSecretKey } from 'node:crypto';
import type { Clock, Person } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { personFromClaims } from './claims.ts';
import { verifyHs256 } from './hs256.ts';

export interface JwtSettings {
  /** HS256, at least 32 bytes. */
  secret?: string;
  /** RS256 and ES256 keys. */
  jwksUrl?: string;
  issuer?: string;
  audience?: string;
}

export type VerifyToken = (token: string) => Promise<Person>;

const MAX_TOKEN = 16_384;

/** Checks signature, algorithm, `exp`, and issuer and audience where set; then the claims. */
export function createJwtVerifier(settings: JwtSettings, clock: Clock): VerifyToken {
  const verifySignature = signatureVerifier(settings, clock);
  return async (token) => {
    if (token.length > MAX_TOKEN) throw refused('is too long');
    return personFromClaims(await verifySignature(token));
  };
}

function signatureVerifier({ secret, jwksUrl, issuer, audience }: JwtSettings, clock: Clock) {
  const key = secret === undefined ? null : createSecretKey(secret, 'utf8');
  const keySet = jwksUrl === undefined ? null : issuerKeys(jwksUrl);
  const checks = {
    requiredClaims: ['sub', 'exp'],
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };

  const algorithmOf = algorithmReader();
  return async (token: string): Promise<unknown> => {
    const options = { ...checks, currentDate: new Date(clock.now()) };
    try {
      // The header only picks between the two that are set up; each then allows its own algorithms and no others.
      if (algorithmOf(token) === 'HS256') {
        if (key === null) throw refused('is signed with HS256, which is not set up here');
        return verifyHs256(token, key, options);
      }
      if (keySet === null) throw refused('is signed with an algorithm that is not set up here');
      return (await jwtVerify(token, keySet, { ...options, algorithms: ['RS256', 'ES256'] })).payload;
    } catch (error) {
      throw asBelfryError(error);
    }
  };
}

/** Tokens of one issuer begin alike: the header that was read last need not be read again. */
function algorithmReader(): (token: string) => string | undefined {
  let last: { header: string; alg: string | undefined } | null = null;
  return (token) => {
    const header = token.slice(0, token.indexOf('.'));
    if (header === '' || last?.header !== header) last = { header, alg: decodeProtectedHeader(token).alg };
    return last.alg;
  };
}

/** Jose's own key set, whose failures say whether the token or the issuer is at fault. */
function issuerKeys(jwksUrl: string): JWTVerifyGetKey {
  const keySet = createRemoteJWKSet(new URL(jwksUrl));
  return async (header, token) => {
    try {
      return await keySet(header, token);
    } catch (error) {
      if (TOKEN_FAULTS.some((fault) => error instanceof fault)) throw error;
      throw keysAway(error);
    }
  };
}

/** It names a key that the issuer does not have, or none where there are several, or a kind that is not supported. */
const TOKEN_FAULTS = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/** Whatever else goes wrong while a token is taken apart is the token's fault. */
function asBelfryError(error: unknown): BelfryError {
  if (error instanceof BelfryError) return error;
  if (error instanceof errors.JWTExpired) return refused('has expired');
  if (error instanceof errors.JWTClaimValidationFailed) return refused(wrongClaim(error));
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new BelfryError(
      'unauthenticated',
      "The token's signature does not fit the secret or key that is set up here.",
    );
  }
  if (error instanceof errors.JWKSNoMatchingKey) return refused("names a key that is not among its issuer's keys");
  return refused('is not a JWT that can be read');
}

/** What an issuer or audience is, and what it should be, is not for whoever holds a token to know. */
function wrongClaim({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `has no claim "${claim}"`;
  if (reason === 'invalid')
    return `has a claim "${claim}" of the wrong kind: it must be a number of seconds since 1970`;
  if (claim === 'nbf') return 'is not good yet: its claim "nbf" lies ahead';
  return `has a claim "${claim}" that does not fit what is set up here`;
}

function keysAway(cause: unknown): BelfryError {
  const message = "The token issuer's keys can't be fetched right now.";
  return new BelfryError('unavailable', message, { cause, retryAfter: 5 });
}

function refused(why: string): BelfryError {
  return new BelfryError('unauthenticated', `The token ${why}.`);
}
