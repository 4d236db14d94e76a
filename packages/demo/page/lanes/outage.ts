import type { SentMessage } from '../../src/wire.ts';
import type { Receipts } from './receipts.ts';

/** The last time a lane was cut off, in milliseconds since 1970. */
export interface Outage {
  from: number;
  /** Null: it still is. */
  until: number | null;
}

/**
 * How many of the messages sent before the outage was over came only after it had begun. It grows until the last of
 * them is there: who is back sooner than the server's other callers gets some of what was missed as live events.
 */
export function caughtUpSince(outage: Outage, messages: readonly SentMessage[], receipts: Receipts): number {
  const until = outage.until ?? Number.POSITIVE_INFINITY;
  return messages.filter(({ seq, at }) => {
    const cameAt = receipts.at(seq);
    return at < until && cameAt !== null && cameAt >= outage.from;
  }).length;
}
