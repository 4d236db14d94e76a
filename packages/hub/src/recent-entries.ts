import type { Channel } from '@belfry/protocol';
import { EntriesByChannel } from './entries-by-channel.ts';
import type { LogEntry } from './log-entry.ts';

/** Memory that all rings of a process share. Where it does not suffice, the ring that has been quiet longest gives way. */
export class RingBudget {
  readonly #limit: number;
  /** Those with something to give, the longest quiet first. */
  readonly #rings = new Set<RecentEntries>();
  /** The last of these. */
  #newest: RecentEntries | null = null;
  #used = 0;

  /** In bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** What can be taken without another giving way. */
  get room(): number {
    return this.#limit - this.#used;
  }

  /** How many rings there are to take from. */
  get rings(): number {
    return this.#rings.size;
  }

  take(ring: RecentEntries, bytes: number): void {
    this.#used += bytes;
    if (this.#newest !== ring) this.#moveToEnd(ring);
    while (this.#used > this.#limit && this.#dropOne());
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }

  forget(ring: RecentEntries): void {
    this.#rings.delete(ring);
    if (this.#newest === ring) this.#newest = null;
  }

  #moveToEnd(ring: RecentEntries): void {
    this.#rings.delete(ring);
    this.#rings.add(ring);
    this.#newest = ring;
  }

  #dropOne(): boolean {
    const [quietest] = this.#rings;
    if (quietest === undefined) return false;
    if (!quietest.dropOldest()) this.forget(quietest);
    return true;
  }
}

export const RING_EVENTS = 4_096;
export const RING_BYTES = 8 * 1_048_576;

/** The newest entries of one log, without a gap, so that a reader a little behind costs no query. */
export class RecentEntries {
  readonly #budget: RingBudget;
  #entries: LogEntry[] = [];
  #start = 0;
  #bytes = 0;
  /** Made when somebody first looks for theirs among many. */
  #byChannel: EntriesByChannel | null = null;

  constructor(budget: RingBudget) {
    this.#budget = budget;
  }

  /** Must be the number after the newest. */
  push(entry: LogEntry): void {
    const { bytes } = entry;
    this.#entries.push(entry);
    this.#byChannel?.push(entry);
    this.#bytes += bytes;
    this.#budget.take(this, bytes);
    while (this.#length > RING_EVENTS || this.#bytes > RING_BYTES) if (!this.dropOldest()) break;
  }

  get oldest(): LogEntry | undefined {
    return this.#entries[this.#start];
  }

  /** Whether there is room for what came before the oldest, down to `n`, as far as numbers say. */
  mayReach(n: number): boolean {
    const { oldest } = this;
    if (oldest === undefined || oldest.n === 1 || n < 0 || n >= oldest.n) return false;
    return this.#length + oldest.n - n <= RING_EVENTS && this.#bytes < RING_BYTES && this.#budget.room > 0;
  }

  /** Must end right before the oldest. Takes as much of its end as there is room for; false where that is not all. */
  prepend(entries: readonly LogEntry[]): boolean {
    const most = Math.min(RING_BYTES - this.#bytes, this.#budget.room);
    let from = entries.length;
    let bytes = 0;
    for (let room = RING_EVENTS - this.#length; from > 0 && room > 0; room -= 1) {
      const more = bytes + (entries[from - 1] as LogEntry).bytes;
      if (more > most) break;
      bytes = more;
      from -= 1;
    }
    this.#entries = [...entries.slice(from), ...this.#entries.slice(this.#start)];
    this.#start = 0;
    this.#byChannel = null;
    this.#bytes += bytes;
    this.#budget.take(this, bytes);
    return from === 0;
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

  /** What comes after `n` and up to `upTo` by any of these channels, oldest first. Null where some of it is not here. */
  sentTo(channels: readonly Channel[], n: number, upTo: number): LogEntry[] | null {
    if (this.at(n + 1) === undefined || this.at(upTo) === undefined) return null;
    this.#byChannel ??= new EntriesByChannel(this.#entries.slice(this.#start));
    return this.#byChannel.between(n, upTo, channels);
  }

  at(n: number): LogEntry | undefined {
    const oldest = this.#entries[this.#start];
    return oldest === undefined || n < oldest.n ? undefined : this.#entries[this.#start + n - oldest.n];
  }

  clear(): void {
    this.#budget.give(this.#bytes);
    this.#budget.forget(this);
    this.#bytes = 0;
    this.#byChannel = null;
    this.#entries = [];
    this.#start = 0;
  }

  /** False where only the newest is left, which stays. */
  dropOldest(): boolean {
    if (this.#length <= 1) return false;
    const entry = this.#entries[this.#start] as LogEntry;
    const { bytes } = entry;
    this.#byChannel?.drop(entry);
    this.#bytes -= bytes;
    this.#budget.give(bytes);
    // A cleared slot lets the entry go now; the array itself is compacted now and then, not at each step.
    (this.#entries as (LogEntry | undefined)[])[this.#start] = undefined;
    this.#start += 1;
    if (this.#start > 1_024 && this.#start * 2 > this.#entries.length) this.#compact();
    return true;
  }

  get #length(): number {
    return this.#entries.length - this.#start;
  }

  #compact(): void {
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
  }
}
