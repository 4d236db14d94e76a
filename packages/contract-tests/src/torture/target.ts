import { createHmac } from 'node:crypto';

/** The server under torture and how to get in. */
export interface Target {
  url: string;
  apiKey: string;
  jwtSecret: string;
}

/** Someone a token is made for. */
export interface Member {
  user: string;
  roles: readonly string[];
  /** Topics, and topic prefixes that end in `*`. */
  channels: readonly string[];
}

const HOUR_S = 3_600;

/** A token that is good for an hour. */
export function tokenFor(target: Pick<Target, 'jwtSecret'>, { user, roles, channels }: Member): string {
  return signedToken(target, { sub: user, roles, channels, exp: Math.floor(Date.now() / 1_000) + HOUR_S });
}

/** HS256, by hand: these tests must not trust the library that the server trusts. */
export function signedToken({ jwtSecret }: Pick<Target, 'jwtSecret'>, claims: object): string {
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims].map(base64).join('.');
  return `${signed}.${createHmac('sha256', jwtSecret).update(signed).digest('base64url')}`;
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
