/**
 * What became of one call. `kept`: answered 2xx. `refused`: answered 4xx. `unknown`: cut off, or answered 5xx, and not
 * tried again: it may have happened, once, or not.
 */
export type Outcome = 'kept' | 'refused' | 'unknown';

/** One publish: a notification, a batch of them, or an app's own event. */
export interface Sent {
  writer: number;
  /** One a notification or event, in order. */
  markers: readonly string[];
  outcome: Outcome;
  /** Where the answer says each stands. Empty unless kept. */
  cursors: readonly string[];
  /** Whether the answer was a repeat of an earlier one that was lost. */
  replayed: boolean;
}

/** Everything that was sent, as the senders know it. */
export class Ledger {
  readonly sent: Sent[] = [];

  add(sent: Sent): void {
    this.sent.push(sent);
  }

  get size(): number {
    return this.sent.length;
  }
}
