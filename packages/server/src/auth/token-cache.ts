import type { Clock, Person } from '@belfry/core';
import type { VerifyToken } from './jwt.ts';

const MAX_AGE_MS = 60_000;

/** For all tokens together: some 10,000 usual ones. */
const MAX_BYTES = 24 * 1_048_576;
const ENTRY_BYTES = 600;

/** Answers at once where it can. */
export type CachedVerifier = (token: string) => Person | Promise<Person>;

interface Verified {
  person: Person;
  until: number;
}

/**
 * Remembers verified tokens for up to a minute and never past their end, so that a storm of reconnects does not spend
 * its time on signatures (a verification costs about 90 µs). The oldest goes first.
 */
export function cachedVerifier(verify: VerifyToken, clock: Clock, maxBytes = MAX_BYTES): CachedVerifier {
  const verified = new Map<string, Verified>();
  let bytes = 0;

  const forget = (token: string): void => {
    if (verified.delete(token)) bytes -= bytesOf(token);
  };
  const remember = (token: string, entry: Verified): void => {
    forget(token);
    bytes += bytesOf(token);
    verified.set(token, entry);
    while (bytes > maxBytes) forget(verified.keys().next().value as string);
  };

  const verifyNow = async (token: string, now: number): Promise<Person> => {
    const person = await verify(token);
    remember(token, { person, until: Math.min(now + MAX_AGE_MS, person.expiresAt ?? Number.POSITIVE_INFINITY) });
    return person;
  };

  return (token) => {
    const now = clock.now();
    const known = verified.get(token);
    return known !== undefined && known.until > now ? known.person : verifyNow(token, now);
  };
}

/** The token, and about twice as much again for what its claims become. */
function bytesOf(token: string): number {
  return ENTRY_BYTES + 3 * token.length;
}
