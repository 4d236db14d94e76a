import type { Lane, SentMessage } from '../src/wire.ts';
import { type Progress, settledUntil } from './lanes/progress.ts';
import type { Receipts } from './lanes/receipts.ts';

export interface Tally {
  /** Those the lane answered 2xx for. */
  sent: number;
  received: number;
  /** On their way, or kept for somebody who is away. */
  waiting: number;
  /** Sent, not received, and the lane has been caught up since. Final, unless it still comes. */
  lost: number;
  /** Received more than once. */
  doubled: number;
  /** Received after one with a higher number. */
  disordered: number;
}

export type Fate = 'received' | 'waiting' | 'lost' | 'unsent';

export function fateOf(message: SentMessage, lane: Lane, receipts: Receipts, progress: Progress, now: number): Fate {
  if (receipts.count(message.seq) > 0) return 'received';
  const acknowledged = message.acknowledged[lane];
  if (acknowledged === null) return 'unsent';
  return message.at + acknowledged <= settledUntil(progress, now) ? 'lost' : 'waiting';
}

/** Counts one person's messages in one lane. */
export function tally(
  messages: readonly SentMessage[],
  lane: Lane,
  receipts: Receipts,
  progress: Progress,
  now: number,
): Tally {
  const counts: Tally = { sent: 0, received: 0, waiting: 0, lost: 0, doubled: 0, disordered: 0 };
  for (const message of messages) {
    const fate = fateOf(message, lane, receipts, progress, now);
    if (fate === 'unsent') continue;
    counts.sent += 1;
    counts[fate] += 1;
    counts.doubled += Math.max(0, receipts.count(message.seq) - 1);
    if (receipts.cameLate(message.seq)) counts.disordered += 1;
  }
  return counts;
}
