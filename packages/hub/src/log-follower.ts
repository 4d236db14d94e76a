import type { LogEvent, Store } from '@belfry/core';
import { EVERYTHING, type Position } from '@belfry/protocol';
import { LogEntry } from './log-entry.ts';
import { RecentEntries, type RingBudget } from './recent-entries.ts';

/** Announcements race each other between processes; most of what seems missing arrives within this. */
const GAP_PATIENCE_MS = 5;
const RETRY_MS = 500;
const TAIL_EVENTS = 512;
const PAGE_EVENTS = 1_000;
const PAGE_BYTES = 4 * 1_048_576;
const PENDING_MAX = 2_048;

export interface FollowerOptions {
  store: Store;
  tenant: string;
  budget: RingBudget;
  /** Called for each entry, once and in order. */
  onEntry: (entry: LogEntry) => void;
  /** Called where events are gone for good before they were read: who listens has a gap and must start anew. */
  onLost: () => void;
}

/**
 * Follows one log: takes announcements in whatever order and number they come, and hands on each event once and in
 * order. Numbers are gapless, so a jump means something was not announced here; it is read from the store.
 */
export class LogFollower {
  readonly #options: FollowerOptions;
  readonly recent: RecentEntries;
  readonly #pending = new Map<number, LogEvent>();
  #head: Position | null = null;
  /** The furthest number heard of. */
  #furthest = 0;
  #starting: Promise<void> | null = null;
  #filling: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.recent = new RecentEntries(options.budget);
  }

  /** The last position handed on. Only after `start`. */
  get head(): Position {
    return this.#head as Position;
  }

  /** Finds the log's head and loads its tail, once for everyone who waits. Fails as the store does; call it again. */
  start(): Promise<void> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  stop(): void {
    this.#stopped = true;
    if (this.#filling !== null) clearTimeout(this.#filling);
    this.recent.clear();
    this.#pending.clear();
  }

  announce(event: LogEvent): void {
    this.#furthest = Math.max(this.#furthest, event.n);
    if (this.#head !== null && event.n === this.#head.n + 1) {
      this.#accept(event);
      this.#acceptPending();
    } else if (this.#head === null || event.n > this.#head.n) {
      this.#hold(event);
    }
  }

  async #start(): Promise<void> {
    const { store, tenant } = this.#options;
    const { head } = await store.read('locate', { tenant, n: 0 });
    const after = Math.max(0, head.n - TAIL_EVENTS);
    const range = { tenant, after, upTo: head.n, grants: EVERYTHING, limit: TAIL_EVENTS, maxBytes: PAGE_BYTES };
    const { events } = await store.read('readLog', range);
    if (this.#stopped) return;
    // A page cut short by its bytes would leave a gap before the head: then memory starts empty.
    if (events.at(-1)?.n === head.n) for (const event of events) this.recent.push(this.#entry(event));
    this.#head = head;
    this.#acceptPending();
  }

  #accept(event: LogEvent): void {
    const entry = this.#entry(event);
    this.recent.push(entry);
    this.#head = { n: event.n, check: event.check };
    this.#options.onEntry(entry);
  }

  /** Too many held back are dropped: they can be read again. */
  #hold(event: LogEvent): void {
    if (this.#pending.size < PENDING_MAX) this.#pending.set(event.n, event);
    if (this.#isBehind()) this.#fillSoon(GAP_PATIENCE_MS);
  }

  #acceptPending(): void {
    for (let next = this.#pending.get(this.head.n + 1); next !== undefined; ) {
      this.#accept(next);
      next = this.#pending.get(this.head.n + 1);
    }
    for (const n of this.#pending.keys()) if (n <= this.head.n) this.#pending.delete(n);
    if (this.#isBehind()) this.#fillSoon(GAP_PATIENCE_MS);
  }

  #fillSoon(afterMs: number): void {
    if (this.#stopped || this.#filling !== null) return;
    this.#filling = setTimeout(() => {
      void this.#fill().then(
        () => this.#filled(GAP_PATIENCE_MS),
        () => this.#filled(RETRY_MS),
      );
    }, afterMs);
  }

  #filled(nextMs: number): void {
    this.#filling = null;
    if (this.#isBehind()) this.#fillSoon(nextMs);
  }

  #isBehind(): boolean {
    return this.#head !== null && this.#head.n < this.#furthest;
  }

  /** Reads what is missing before the furthest that is known of. */
  async #fill(): Promise<void> {
    const { store, tenant } = this.#options;
    while (!this.#stopped && this.#isBehind()) {
      const upTo = this.#furthest;
      const range = { tenant, after: this.head.n, upTo, grants: EVERYTHING, limit: PAGE_EVENTS, maxBytes: PAGE_BYTES };
      const { events } = await store.read('readLog', range);
      if (this.#stopped) return;
      const [first] = events;
      if (first === undefined) throw new Error(`Event ${upTo} was announced and is not in the log yet.`);
      if (first.n > this.head.n + 1) this.#skipTo(first);
      for (const event of events) this.announce(event);
    }
  }

  #skipTo(event: LogEvent): void {
    this.recent.clear();
    this.#head = { n: event.n - 1, check: '' };
    this.#options.onLost();
  }

  #entry(event: LogEvent): LogEntry {
    return new LogEntry(this.#options.store.epoch, event);
  }
}
