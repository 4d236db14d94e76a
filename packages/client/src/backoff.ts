/** Never waits longer than this by itself; a server may ask for more. */
const CAP_MS = 30_000;

/** The most a server may ask for. Without a bound one bad number would silence a client for ever. */
const LONGEST_MS = 300_000;

/**
 * Full jitter: anywhere between nothing and the doubling bound, so that clients that lost the same server do not
 * come back together. It never ends: attempt 1,000 waits like attempt 10.
 */
export function backoffMs(attempt: number, baseMs: number, random: () => number): number {
  const bound = Math.max(baseMs, Math.min(CAP_MS, baseMs * 2 ** Math.min(attempt, 30)));
  return random() * bound;
}

/** So many tries of a stream come soon, each within the base. */
const SOON = 4;

/**
 * The wait before a stream's next try. Most outages are over within seconds, a restart for one, and doubling from the
 * first try on would bring readers back later than a plain EventSource, which waits the base each time.
 */
export function reconnectMs(attempt: number, baseMs: number, random: () => number): number {
  return backoffMs(Math.max(0, attempt - SOON + 1), baseMs, random);
}

/** A wait that came from outside, made safe: not negative, not beyond the bound. */
export function bounded(ms: number): number {
  return Math.min(LONGEST_MS, Math.max(0, Number.isFinite(ms) ? ms : 0));
}
