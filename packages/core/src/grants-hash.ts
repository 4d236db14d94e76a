import { hash } from 'node:crypto';
import type { Grants } from '@belfry/protocol';
import type { Reader } from './principal.ts';

/** A short name for a set of grants, in whatever order they were given. */
export function grantsHash({ everything, exact, prefixes, except = [] }: Grants): string {
  const parts = [everything, [...exact].sort(), [...prefixes].sort()];
  return shortHash(except.length === 0 ? parts : [...parts, [...except].sort()]);
}

/**
 * A short name for all that decides what a reader can see: counts made for one hold for no other, and neither does what
 * one of them has marked up to a point. The sliding 30 days are not in it, since they are the same for all devices.
 */
export function scopeHash({ grants, claimedSince }: Pick<Reader, 'grants' | 'claimedSince'>): string {
  const held = grantsHash(grants);
  return claimedSince === undefined ? held : shortHash([held, claimedSince]);
}

function shortHash(parts: unknown[]): string {
  return hash('sha256', JSON.stringify(parts)).slice(0, 12);
}
