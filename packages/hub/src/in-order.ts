import type { LogEvent } from '@belfry/core';
import type { Position } from '@belfry/protocol';
import { type Governor, GovernorWait } from './governor-wait.ts';
import { HeldBack } from './held-back.ts';
import { Lineage, type Verdict } from './lineage.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogTail } from './log-start.ts';
import { Reach } from './reach.ts';
import { RecentEntries, type RingBudget } from './recent-entries.ts';

export interface InOrderOptions {
  budget: RingBudget;
  governor: () => Governor | undefined;
  entryOf: (event: LogEvent) => LogEntry;
  /** Called with each entry, once and in order; with several where they were announced together. */
  onEntries: (entries: readonly LogEntry[]) => void;
  /** Something is missing that may still be announced. */
  onMissing: () => void;
  /** An event is of another log than what was handed on: the store knows which of them it has. */
  onStranger: () => void;
}

/** What is announced of one log, in whatever order and number, put in order: each event is handed on once. */
export class InOrder {
  readonly recent: RecentEntries;
  readonly governor: GovernorWait;
  /** The furthest number heard of. */
  furthest = 0;
  readonly #options: InOrderOptions;
  readonly #held = new HeldBack();
  readonly #lineage: Lineage;
  readonly #reach = new Reach();
  /** What is to be handed on when all that was announced together has been taken in; null: each by itself. */
  #together: LogEntry[] | null = null;
  #isOpen = false;

  constructor(options: InOrderOptions) {
    this.#options = options;
    this.recent = new RecentEntries(options.budget);
    this.#lineage = new Lineage(this.recent);
    this.governor = new GovernorWait(options.governor, () => {
      if (this.#isOpen) this.#acceptHeld();
    });
  }

  /** The last position handed on. Only after `open`. */
  get head(): Position {
    return this.#lineage.head;
  }

  /** From `open` on; what comes while it is not is held. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isDoubtful(): boolean {
    return this.#lineage.isDoubtful;
  }

  get isBehind(): boolean {
    return this.#isOpen && this.head.n < this.furthest;
  }

  /** Not while what is next is here, and waits. */
  get isMissing(): boolean {
    return this.isBehind && !this.governor.isWaiting;
  }

  /** Goes on from where the log ends. */
  open({ head, events }: LogTail): void {
    this.recent.clear();
    for (const event of events) this.recent.push(this.#options.entryOf(event));
    this.#lineage.startAt(head);
    this.#isOpen = true;
    this.#reach.movedTo(head.n);
    this.#acceptHeld();
  }

  /** Forgets what is held and waits for `open`. The old head stays: whoever is still being served here is on the way out. */
  reopen(): void {
    this.#isOpen = false;
    this.governor.forget();
    this.#held.clear();
    this.furthest = 0;
  }

  close(): void {
    this.#isOpen = false;
    this.recent.clear();
    this.#held.clear();
    this.#reach.movedTo(Number.POSITIVE_INFINITY);
  }

  /** Of one log. What may be handed on now goes together, in one step: who listens is looked at once for all of it. */
  announceAll(events: readonly LogEvent[]): void {
    const together: LogEntry[] = [];
    this.#together = together;
    try {
      for (const event of events) this.announce(event);
    } finally {
      // Whatever happens: what is gathered counts as handed on, and what comes next is not to be gathered for nobody.
      this.#together = null;
      if (together.length > 0) this.#handOn(together);
    }
  }

  announce(event: LogEvent): void {
    this.heardOf(event.n);
    if (!this.#isOpen || this.#lineage.isDoubtful) this.#hold(event);
    else if (event.n > this.head.n + 1) this.#hold(event);
    else if (event.n === this.head.n + 1 && this.#acceptNext(event)) this.#acceptHeld();
  }

  /** Everything up to `n` is in the store. */
  heardOf(n: number): void {
    this.furthest = Math.max(this.furthest, n);
  }

  /** Resolves when everything up to `n` has been handed on, or it is closed. */
  reaches(n: number): Promise<void> {
    return this.#reach.to(n);
  }

  /** What comes next is known not to be announced. */
  skipTo(event: LogEvent): void {
    this.recent.clear();
    this.#lineage.moveTo({ n: event.n - 1, check: '' });
  }

  /** Nothing further is in the store. */
  forgetAfter(n: number): void {
    this.furthest = Math.max(n, this.head.n);
    this.#held.dropAfter(n);
  }

  /** `head` is where the store says that the log ends, asked when it had been handed on up to `then`. */
  judge(then: Position, head: Position): Verdict {
    return this.#lineage.judge(then, head);
  }

  /** Nothing is accepted until the store has been asked which log it has. */
  doubt(): void {
    this.#lineage.isDoubtful = true;
  }

  /** The store has the same log as ever, up to the head. */
  confirmed(): void {
    if (!this.#lineage.isDoubtful) return;
    this.trust();
    this.#acceptHeld();
  }

  /** The same, where what follows the head in the store is at hand. */
  trust(): void {
    this.#lineage.isDoubtful = false;
  }

  /** False where it is of another log, or not its turn. */
  #acceptNext(event: LogEvent): boolean {
    if (!this.#lineage.isContinuedBy(event)) this.#askAgain(event);
    else if (!this.governor.lets(event)) this.#hold(event);
    else {
      this.#accept(event);
      return true;
    }
    return false;
  }

  #askAgain(event: LogEvent): void {
    this.doubt();
    this.#held.add(event);
    this.#options.onStranger();
  }

  #accept(event: LogEvent): void {
    const entry = this.#options.entryOf(event);
    this.recent.push(entry);
    this.#lineage.moveTo(event);
    if (this.#together === null) this.#handOn([entry]);
    else this.#together.push(entry);
  }

  #handOn(entries: readonly LogEntry[]): void {
    this.#options.onEntries(entries);
    this.#reach.movedTo(this.head.n);
  }

  #hold(event: LogEvent): void {
    this.#held.add(event);
    if (this.isMissing) this.#options.onMissing();
  }

  #acceptHeld(): void {
    while (!this.#lineage.isDoubtful) {
      const next = this.#held.take(this.head.n + 1);
      if (next === undefined || !this.#acceptNext(next)) break;
    }
    this.#held.dropUpTo(this.head.n);
    if (this.isMissing) this.#options.onMissing();
  }
}
