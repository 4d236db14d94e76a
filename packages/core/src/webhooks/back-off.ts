const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** How long after the first, the second … failure it is tried again: eleven tries over 25 hours and more. */
export const BACK_OFF_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
  12 * HOUR,
];

/** Up to so much longer, so that what failed together does not come back together. */
const JITTER = 0.2;

/** Milliseconds until the next try after this failed one; null after the last. */
export function retryInMs(backOffMs: readonly number[], attempt: number): number | null {
  const wait = backOffMs[attempt - 1];
  return wait === undefined ? null : Math.ceil(wait * (1 + JITTER * Math.random()));
}
