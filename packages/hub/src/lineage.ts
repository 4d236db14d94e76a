import type { LogEvent } from '@belfry/core';
import type { Position } from '@belfry/protocol';
import type { RecentEntries } from './recent-entries.ts';

/** Whether the log that the store has is the one that was handed on; `unknown` where too long ago to be remembered. */
export type Verdict = 'same' | 'another' | 'unknown';

/**
 * What was handed on of a log, and whether the store still has the same one. In a database that was restored from a
 * backup numbers go on alike; the check values of events don't.
 */
export class Lineage {
  /** The store was away: it may have come back from a backup, so nothing is accepted that does not follow in it. */
  isDoubtful = false;
  readonly #recent: RecentEntries;
  #head: Position | null = null;

  constructor(recent: RecentEntries) {
    this.#recent = recent;
  }

  /** The last position handed on. Only after `startAt`. */
  get head(): Position {
    return this.#head as Position;
  }

  startAt(head: Position): void {
    this.#head = head;
    this.isDoubtful = false;
  }

  moveTo({ n, check }: Position): void {
    this.#head = { n, check };
  }

  /** Of an event whose number is the next. */
  isContinuedBy({ follows }: LogEvent): boolean {
    const { check } = this.head;
    return follows === undefined || check === '' || follows === check;
  }

  /** `head` is where the store says that the log ends, asked when it had been handed on up to `then`. */
  judge(then: Position, head: Position): Verdict {
    if (head.n < then.n) return 'another';
    const known = this.#checkAt(head.n);
    if (known === null) return 'unknown';
    return known === head.check ? 'same' : 'another';
  }

  #checkAt(n: number): string | null {
    const check = n === this.head.n ? this.head.check : this.#recent.at(n)?.event.check;
    return check === undefined || check === '' ? null : check;
  }
}
