import type { LogEntry } from './log-entry.ts';

/** Memory that all rings of a process share. */
export interface RingBudget {
  used: number;
  readonly limit: number;
}

export const RING_EVENTS = 4_096;
export const RING_BYTES = 8 * 1_048_576;

/** The newest entries of one log, without a gap, so that a reader a little behind costs no query. */
export class RecentEntries {
  readonly #budget: RingBudget;
  #entries: LogEntry[] = [];
  #start = 0;
  #bytes = 0;

  constructor(budget: RingBudget) {
    this.#budget = budget;
  }

  /** Must be the number after the newest. */
  push(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#grow(entry.bytes);
    while (this.#isOver()) this.#dropOldest();
    if (this.#start > 1_024 && this.#start * 2 > this.#entries.length) this.#compact();
  }

  /**
   * What comes after `n`, oldest first: at most `limit` and about `maxBytes`, but at least one where there is any. Null
   * where some of it is not here any more.
   */
  after(n: number, limit: number, maxBytes = Number.POSITIVE_INFINITY): LogEntry[] | null {
    const oldest = this.#entries[this.#start];
    if (oldest === undefined || n + 1 < oldest.n) return null;
    const from = this.#start + (n + 1 - oldest.n);
    let end = from;
    for (let bytes = 0; end < Math.min(this.#entries.length, from + limit) && bytes < maxBytes; end += 1) {
      bytes += (this.#entries[end] as LogEntry).bytes;
    }
    return this.#entries.slice(from, end);
  }

  at(n: number): LogEntry | undefined {
    const oldest = this.#entries[this.#start];
    return oldest === undefined || n < oldest.n ? undefined : this.#entries[this.#start + n - oldest.n];
  }

  clear(): void {
    this.#grow(-this.#bytes);
    this.#entries = [];
    this.#start = 0;
  }

  #isOver(): boolean {
    const length = this.#entries.length - this.#start;
    if (length <= 1) return false;
    return length > RING_EVENTS || this.#bytes > RING_BYTES || this.#budget.used > this.#budget.limit;
  }

  #dropOldest(): void {
    this.#grow(-(this.#entries[this.#start] as LogEntry).bytes);
    // A cleared slot lets the entry go now; the array itself is compacted now and then, not at each step.
    (this.#entries as (LogEntry | undefined)[])[this.#start] = undefined;
    this.#start += 1;
  }

  #compact(): void {
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
  }

  #grow(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.used += bytes;
  }
}
