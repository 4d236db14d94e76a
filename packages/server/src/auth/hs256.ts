import { isUtf8 } from 'node:buffer';
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { errors } from 'jose';

export interface ClaimChecks {
  requiredClaims: readonly string[];
  issuer?: string;
  audience?: string;
  currentDate: Date;
}

type Claims = Record<string, unknown>;

/**
 * The claims of a token that was signed with the shared secret (RFC 7519, HS256 only). In one go, in this thread: Web
 * Crypto hands each signature to another thread, which takes several times as long as the signature does, and in a storm
 * every token is checked anew.
 *
 * @throws errors of jose, which say what is wrong.
 */
export function verifyHs256(token: string, secret: KeyObject, checks: ClaimChecks): Claims {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0) throw new errors.JWSInvalid('A compact JWS has three parts.');
  if (header !== plainHeader) requirePlainHeader(jsonObject(header));
  plainHeader = header;
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
  if (!isSame(signature, expected)) throw new errors.JWSSignatureVerificationFailed();
  const claims = jsonObject(payload);
  checkClaims(claims, checks);
  return claims;
}

/** Tokens of one issuer begin alike: what was found good last need not be read again. */
let plainHeader: string | null = null;

/** What has to be understood and is not must not be passed over (RFC 7515 4.1.11). */
function requirePlainHeader({ alg, crit }: Claims): void {
  if (alg !== 'HS256') throw new errors.JOSEAlgNotAllowed('The algorithm is not HS256.');
  if (crit !== undefined) throw new errors.JOSENotSupported('The header names extensions, and none is known here.');
}

/** By the text, which has one spelling only. */
function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function jsonObject(part: string): Claims {
  const value: unknown = /^[\w-]+$/.test(part) ? parsed(part) : null;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Claims;
  throw new errors.JWTInvalid('A part of the token is not a JSON object.');
}

function parsed(part: string): unknown {
  const bytes = Buffer.from(part, 'base64url');
  try {
    return isUtf8(bytes) ? JSON.parse(bytes.toString()) : null;
  } catch {
    return null;
  }
}

function checkClaims(claims: Claims, { requiredClaims, issuer, audience, currentDate }: ClaimChecks): void {
  const needed = [
    ...(issuer === undefined ? [] : ['iss']),
    ...(audience === undefined ? [] : ['aud']),
    ...requiredClaims,
  ];
  for (const claim of needed) if (!Object.hasOwn(claims, claim)) throw wrong(claims, claim, 'missing');
  if (issuer !== undefined && claims.iss !== issuer) throw wrong(claims, 'iss');
  if (audience !== undefined && ![claims.aud].flat().includes(audience)) throw wrong(claims, 'aud');
  const now = Math.floor(currentDate.getTime() / 1_000);
  secondsOf(claims, 'iat');
  const notBefore = secondsOf(claims, 'nbf');
  if (notBefore !== undefined && notBefore > now) throw wrong(claims, 'nbf');
  const ends = secondsOf(claims, 'exp');
  if (ends !== undefined && ends <= now) throw new errors.JWTExpired('It has ended.', claims, 'exp', 'check_failed');
}

function secondsOf(claims: Claims, claim: string): number | undefined {
  const value = claims[claim];
  if (value === undefined || typeof value === 'number') return value;
  throw wrong(claims, claim, 'invalid');
}

function wrong(claims: Claims, claim: string, reason = 'check_failed'): errors.JWTClaimValidationFailed {
  return new errors.JWTClaimValidationFailed(`The claim ${claim} does not fit.`, claims, claim, reason);
}
