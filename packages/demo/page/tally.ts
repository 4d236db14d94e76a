import type { Lane, SentMessage } from '../src/wire.ts';
import type { Receipts } from './lanes/receipts.ts';

export interface Tally {
  /** Those the lane answered 2xx for. */
  sent: number;
  received: number;
  /** On their way, or kept for somebody who is away. */
  waiting: number;
  /** Sent, not received, and the lane says that it has caught up. */
  lost: number;
  /** Received more than once. */
  doubled: number;
}

/** How far a lane is with catching up. */
export interface Progress {
  caughtUp: boolean;
  /** Since when, in milliseconds since 1970. */
  since: number;
}

/** The two sides of a lane are watched over two connections: a moment of difference is not a loss. */
const GRACE_MS = 1_000;

export type Fate = 'received' | 'waiting' | 'lost' | 'unsent';

export function fateOf(message: SentMessage, lane: Lane, receipts: Receipts, progress: Progress, now: number): Fate {
  if (receipts.count(message.seq) > 0) return 'received';
  const acknowledged = message.acknowledged[lane];
  if (acknowledged === null) return 'unsent';
  const settled = Math.max(message.at + acknowledged, progress.since) + GRACE_MS;
  return progress.caughtUp && now >= settled ? 'lost' : 'waiting';
}

/** Counts one person's messages in one lane. */
export function tally(
  messages: readonly SentMessage[],
  lane: Lane,
  receipts: Receipts,
  progress: Progress,
  now: number,
): Tally {
  const counts: Tally = { sent: 0, received: 0, waiting: 0, lost: 0, doubled: 0 };
  for (const message of messages) {
    const fate = fateOf(message, lane, receipts, progress, now);
    if (fate === 'unsent') continue;
    counts.sent += 1;
    counts[fate] += 1;
    counts.doubled += Math.max(0, receipts.count(message.seq) - 1);
  }
  return counts;
}
