import { covers, EVERYTHING, type Grants } from '@belfry/protocol';
import type { WatermarkRow } from '../schema.ts';
import { ALL_TYPES } from '../type-match.ts';

/** A watermark with what its maker held. */
export interface Watermark extends WatermarkRow {
  grants: Grants;
  /** It covers all that the reader at hand can see up to its number: comparing numbers is enough. */
  isWhole: boolean;
}

/** The scope of watermarks from before scopes were kept. They hold for everything. */
export const ANY_SCOPE = '';

/** The grants as a text that is the same for the same grants. */
export function grantsText({ everything, exact, prefixes, except }: Grants): string {
  const sorted = { everything, exact: [...exact].sort(), prefixes: [...prefixes].sort() };
  return JSON.stringify(except === undefined ? sorted : { ...sorted, except: [...except].sort() });
}

export function parseGrants(text: string | undefined): Grants {
  return text === undefined ? EVERYTHING : (JSON.parse(text) as Grants);
}

/** Whether everything that `inner` stands for is held by `outer`. */
export function includes(outer: Grants, inner: Grants): boolean {
  if (outer.everything) return true;
  if (inner.everything) return false;
  if ((outer.except ?? []).length > 0) return includesLess(outer, inner);
  const exact = new Set(outer.exact);
  const starts = (text: string) => outer.prefixes.some((prefix) => text.startsWith(prefix));
  return inner.exact.every((channel) => exact.has(channel) || starts(channel)) && inner.prefixes.every(starts);
}

/** Where something was revoked from under a prefix. In doubt it is not included: then both marks are kept. */
function includesLess(outer: Grants, inner: Grants): boolean {
  const isSame = JSON.stringify(inner.except ?? []) === JSON.stringify(outer.except ?? []);
  return (
    inner.exact.every((channel) => covers(outer, channel)) &&
    inner.prefixes.every((prefix) => covers(outer, `${prefix}*`) || (isSame && outer.prefixes.includes(prefix)))
  );
}

/** Whether `newer` marks all that `older` does. `older` then only tells an earlier time. */
export function passes(newer: Watermark, older: Watermark): boolean {
  if (newer.mark !== older.mark || newer.n < older.n || newer.shared_from > older.shared_from) return false;
  if (newer.pattern !== older.pattern && newer.pattern !== ALL_TYPES) return false;
  return newer.scope === older.scope || includes(newer.grants, older.grants);
}

/**
 * From where on shared items are marked, if up to `n` they are by a new watermark from `sharedFrom` on: where an older
 * one of the same grants and pattern reaches up to it without a gap, the two together are one from where that began.
 */
export function joinedFrom(olders: readonly WatermarkRow[], n: number, sharedFrom: number): number {
  // What lies above `n` has no shared items to begin with; a number that can be reached joins better than infinity.
  let from = Math.min(sharedFrom, n + 1);
  for (const { n: upTo, shared_from } of [...olders].sort((a, b) => b.n - a.n)) {
    if (upTo + 1 >= from) from = Math.min(from, shared_from);
  }
  return from;
}

/** Watermarks of one span are from the same grants and the same start. */
export function spanOf({ scope, shared_from }: WatermarkRow): string {
  return `${scope} ${shared_from}`;
}
