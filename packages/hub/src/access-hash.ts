import { claimedBy } from './claimed.ts';
import { claimedOf, isUnfiltered, type StreamRequest } from './stream-request.ts';

/**
 * A short hash of what a stream may carry by its credential and filters. Memberships are not in it: a resume never
 * crosses a change of them. A client that comes back with another one has gained or lost channels or
 * changed its filters, and a replay would leave holes in what it holds: it gets `state`.
 */
export function accessHash(request: Hashed): string {
  const { principal } = request;
  if (principal.kind === 'service' || !isUnfiltered(request)) return hashOf(request);
  const claimed = claimedBy(principal);
  claimed.hash ??= hashOf(request);
  return claimed.hash;
}

type Hashed = Pick<StreamRequest, 'principal' | 'only' | 'filters'>;

function hashOf(request: Hashed): string {
  const { principal, filters } = request;
  const grants = claimedOf(request);
  const parts = [
    principal.kind === 'person' ? principal.since : null,
    grants.everything,
    sorted(grants.exact),
    sorted(grants.prefixes),
    filters.types === undefined ? null : sorted(filters.types),
    filters.events === undefined ? null : sorted(filters.events),
  ];
  return shortHash(JSON.stringify(parts));
}

function sorted(names: Iterable<string>): string[] {
  return [...names].sort();
}

/**
 * 48 bits by two runs of FNV-1a, mixed at their end. It guards nothing, since what is replayed is judged by what its reader
 * holds: whoever sends a false one leaves holes in what they hold themselves. So it need not be a costlier one.
 */
function shortHash(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x2b5f3d1b;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ unit, 0x5bd1e995);
  }
  return hex(mixed(one)) + hex(mixed(other));
}

/** So that each bit of what came depends on all of the text. */
function mixed(bits: number): number {
  const half = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  return half ^ (half >>> 13);
}

function hex(bits: number): string {
  return (bits & 0xffffff).toString(16).padStart(6, '0');
}
