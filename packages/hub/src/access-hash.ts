import { hash } from 'node:crypto';
import { claimedOf, type StreamRequest } from './stream-request.ts';

/**
 * A short hash of what a stream may carry by its credential and filters. Memberships are not in it: a resume never
 * crosses a change of them. A client that comes back with another one has gained or lost channels or
 * changed its filters, and a replay would leave holes in what it holds: it gets `state`.
 */
export function accessHash(request: Hashed): string {
  const known = hashes.get(request);
  if (known !== undefined) return known;
  const made = hashOf(request);
  hashes.set(request, made);
  return made;
}

type Hashed = Pick<StreamRequest, 'principal' | 'only' | 'filters'>;

/** A request that resumes is judged by it, and then told it. */
const hashes = new WeakMap<Hashed, string>();

function hashOf(request: Hashed): string {
  const { principal, filters } = request;
  const grants = claimedOf(request);
  const parts = [
    principal.kind === 'person' ? principal.since : null,
    grants.everything,
    [...grants.exact].sort(),
    [...grants.prefixes].sort(),
    filters.types === undefined ? null : [...filters.types].sort(),
    filters.events === undefined ? null : [...filters.events].sort(),
  ];
  return hash('sha256', JSON.stringify(parts)).slice(0, 12);
}
