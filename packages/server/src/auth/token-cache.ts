import type { Clock, Person } from '@belfry/core';
import type { VerifyToken } from './jwt.ts';

const SIZE = 10_000;
const MAX_AGE_MS = 60_000;

interface Verified {
  person: Person;
  until: number;
}

/**
 * Remembers verified tokens for up to a minute and never past their end, so that a storm of reconnects does not spend
 * its time on signatures (a verification costs about 90 µs). The oldest goes first.
 */
export function cachedVerifier(verify: VerifyToken, clock: Clock): VerifyToken {
  const verified = new Map<string, Verified>();
  return async (token) => {
    const now = clock.now();
    const known = verified.get(token);
    if (known !== undefined && known.until > now) return known.person;
    const person = await verify(token);
    verified.delete(token);
    if (verified.size >= SIZE) verified.delete(verified.keys().next().value as string);
    verified.set(token, { person, until: Math.min(now + MAX_AGE_MS, person.expiresAt ?? Number.POSITIVE_INFINITY) });
    return person;
  };
}
