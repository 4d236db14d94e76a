import { createHmac } from 'node:crypto';
import type { Person } from '../wire.ts';

/** Short on purpose: a page that stays open shows that a token running out goes unnoticed. */
const LIFETIME_S = 300;

const NAMES: Readonly<Record<Person, string>> = { ada: 'Ada', ben: 'Ben' };

export function isPerson(user: unknown): user is Person {
  return typeof user === 'string' && Object.hasOwn(NAMES, user);
}

/** A JWT as an application's own backend would sign one for its users: HS256 with the shared secret. */
export function demoToken(user: Person, jwtSecret: string, now: number = Date.now()): string {
  const issued = Math.floor(now / 1_000);
  const claims = { sub: user, name: NAMES[user], iat: issued, exp: issued + LIFETIME_S };
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${unsigned}.${createHmac('sha256', jwtSecret).update(unsigned).digest('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
