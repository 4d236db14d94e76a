import { createHash } from 'node:crypto';
import type { Grants } from '@belfry/protocol';

/** A short name for a set of grants, in whatever order they were given: counts made for one hold for no other. */
export function grantsHash({ everything, exact, prefixes }: Grants): string {
  const parts = [everything, [...exact].sort(), [...prefixes].sort()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
