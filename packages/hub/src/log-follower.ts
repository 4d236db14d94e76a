import type { ArtifactLinks, LogEvent, Store } from '@belfry/core';
import type { Position } from '@belfry/protocol';
import { GapFill } from './gap-fill.ts';
import { type Governor, GovernorWait } from './governor-wait.ts';
import { HeldBack } from './held-back.ts';
import { Lineage } from './lineage.ts';
import { LogEntry } from './log-entry.ts';
import { LogReader } from './log-reader.ts';
import { LogStart, type LogTail } from './log-start.ts';
import { Reach } from './reach.ts';
import { Recall } from './recall.ts';
import { RecentEntries, type RingBudget } from './recent-entries.ts';
import { isLines, LinesEntry } from './run/lines-entry.ts';

/** Where a follower stands. */
export interface Reached {
  /** The last position handed on. */
  head: Position;
  /** The furthest number heard of. */
  furthest: number;
}

const RETRY_MS = 500;
const nobody = () => undefined;

export interface FollowerOptions {
  store: Store;
  /** The name of the log. */
  log: string;
  /** What signs addresses of artifacts in what it hands on. */
  links?: ArtifactLinks;
  budget: RingBudget;
  /**
   * When what other processes say of this log is heard. The head is read after it, so that nothing falls between what
   * is read and what is heard; it must not take long.
   */
  heard?: Promise<void>;
  /** Who follows the log that governs this one, where somebody does. */
  governor?: () => Governor | undefined;
  /** Called with each entry, once and in order; with several where they were announced together. */
  onEntries: (entries: readonly LogEntry[]) => void;
  /**
   * Called where events are gone for good before they were read, or the log is not the one it was: who listens must
   * start anew.
   */
  onLost: () => void;
}

/**
 * Follows one log: takes announcements in whatever order and number they come, and hands on each event once and in
 * order. Numbers are gapless, so a jump means something was not announced here; it is read from the store.
 */
export class LogFollower {
  readonly #options: FollowerOptions;
  readonly recent: RecentEntries;
  readonly #reader: LogReader;
  readonly #held = new HeldBack();
  readonly #lineage: Lineage;
  readonly #gap: GapFill;
  readonly #reach = new Reach();
  readonly #recall: Recall;
  /** The furthest number heard of. */
  #furthest = 0;
  /** What is to be handed on when all that was announced together has been taken in; null: each by itself. */
  #together: LogEntry[] | null = null;
  readonly #start: LogStart;
  #isFollowing = false;
  readonly #governor: GovernorWait;
  #stopped = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#reader = new LogReader(options.store, options.log);
    this.recent = new RecentEntries(options.budget);
    this.#lineage = new Lineage(this.recent);
    this.#governor = new GovernorWait(options.governor ?? nobody, () => {
      if (this.#isFollowing) this.#acceptHeld();
    });
    const entryOf = (event: LogEvent) => this.#entry(event);
    this.#recall = new Recall({ recent: this.recent, reader: this.#reader, entryOf });
    this.#gap = new GapFill({
      isOpen: () => this.#isMissing(),
      read: () => this.#fill(),
      failed: () => this.doubt(),
      retryMs: RETRY_MS,
    });
    const [reader, governor, retryMs] = [this.#reader, this.#governor, RETRY_MS];
    this.#start = new LogStart({ ...options, reader, governor, retryMs, begin: (tail) => this.#begin(tail) });
  }

  /** The name of its log. */
  get log(): string {
    return this.#options.log;
  }

  /** The last position handed on. Only after `start`. */
  get head(): Position {
    return this.#lineage.head;
  }

  /** False before it has started, and while it starts anew. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Whether all that was said of the log is handed on, as far as is known here. */
  get isCurrent(): boolean {
    return this.#isFollowing && !this.#lineage.isDoubtful && !this.#isBehind();
  }

  /** Finds the log's head and loads its tail, once for everyone who waits. Fails as the store does; call it again. */
  start(): Promise<void> {
    return this.#start.start();
  }

  stop(): void {
    this.#stopped = true;
    this.#isFollowing = false;
    this.#start.stop();
    this.#gap.stop();
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
    this.#furthest = Math.max(this.#furthest, event.n);
    if (!this.#isFollowing || this.#lineage.isDoubtful) this.#hold(event);
    else if (event.n > this.head.n + 1) this.#hold(event);
    else if (event.n === this.head.n + 1 && this.#acceptNext(event)) this.#acceptHeld();
  }

  /** Everything up to `n` is in the store: what is missing of it is read at once. */
  hint(n: number): void {
    this.#furthest = Math.max(this.#furthest, n);
    if (this.#isMissing()) this.#gap.fillNow();
  }

  /**
   * Null where everything up to `n`, which is in the store, has been handed on; else resolves when it has, or when nobody
   * follows any more. What is not announced by then is read.
   */
  reach(n: number): Promise<void> | null {
    if (this.#stopped || (this.#isFollowing && this.head.n >= n)) return null;
    this.#furthest = Math.max(this.#furthest, n);
    if (this.#isMissing()) this.#gap.fillSoon();
    return this.#reach.to(n);
  }

  /**
   * For who comes back from `n`, before what memory holds: null where they are to look for themselves, else resolves when
   * it holds as much as it can.
   */
  recall(n: number): Promise<void> | null {
    return this.#isFollowing ? this.#recall.ask(n) : null;
  }

  /** What the answer to a question that is put now is to be compared with. */
  get reached(): Reached {
    return { head: this.head, furthest: this.#furthest };
  }

  /**
   * Takes in where the store says the log ends. `then` is what was reached here before the store was asked: a log that
   * ends earlier, or differs there, was restored from a backup.
   */
  compare(then: Reached, head: Position): void {
    // It has started anew meanwhile: the answer is about a log that is not followed any more.
    if (!this.#isFollowing || then.head.n > this.head.n) return;
    const verdict = this.#lineage.judge(then.head, head);
    if (verdict === 'another') {
      this.#startAnew();
      return;
    }
    // What is announced is in the store by then: what is not there was of a log that is no more.
    if (head.n < then.furthest && then.furthest === this.#furthest) this.#forgetAfter(head.n);
    if (verdict === 'same' && head.n === this.head.n) this.#confirmed();
    this.hint(head.n);
  }

  /** The store could not be asked: what it says next is checked against what was handed on. */
  doubt(): void {
    this.#lineage.isDoubtful = true;
  }

  #begin({ head, events }: LogTail): void {
    this.recent.clear();
    for (const event of events) this.recent.push(this.#entry(event));
    this.#lineage.startAt(head);
    this.#isFollowing = true;
    this.#reach.movedTo(head.n);
    this.#acceptHeld();
  }

  /** The old head stays until the new one is known: whoever is still being served here is on the way out. */
  #startAnew(): void {
    this.#isFollowing = false;
    this.#governor.forget();
    this.#gap.forget();
    this.#held.clear();
    this.#furthest = 0;
    this.#start.restart();
    this.#options.onLost();
  }

  /** It is of another log than what was handed on: the store knows which of them it has. */
  #askAgain(event: LogEvent): void {
    this.doubt();
    this.#held.add(event);
    this.#gap.fillNow();
  }

  #confirmed(): void {
    if (!this.#lineage.isDoubtful) return;
    this.#lineage.isDoubtful = false;
    this.#acceptHeld();
  }

  #forgetAfter(n: number): void {
    this.#furthest = Math.max(n, this.head.n);
    this.#held.dropAfter(n);
  }

  /** False where it is of another log, or not its turn. */
  #acceptNext(event: LogEvent): boolean {
    if (!this.#lineage.isContinuedBy(event)) this.#askAgain(event);
    else if (!this.#governor.lets(event)) this.#hold(event);
    else {
      this.#accept(event);
      return true;
    }
    return false;
  }

  #accept(event: LogEvent): void {
    const entry = this.#entry(event);
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
    if (this.#isMissing()) this.#gap.fillSoon();
  }

  #acceptHeld(): void {
    while (!this.#lineage.isDoubtful) {
      const next = this.#held.take(this.head.n + 1);
      if (next === undefined || !this.#acceptNext(next)) break;
    }
    this.#held.dropUpTo(this.head.n);
    if (this.#isMissing()) this.#gap.fillSoon();
  }

  #isBehind(): boolean {
    return this.#isFollowing && this.head.n < this.#furthest;
  }

  /** Not while what is next is here, and waits. */
  #isMissing(): boolean {
    return this.#isBehind() && !this.#governor.isWaiting;
  }

  /** Reads what is missing before the furthest that is known of, page by page. What is left is for later, or for soon. */
  async #fill(): Promise<'later' | 'soon'> {
    while (!this.#stopped && this.#isMissing()) {
      const { head } = this;
      const events = await this.#reader.pageFollowing(head, this.#furthest);
      // It was stopped, or started anew and is no longer where it was.
      if (this.#stopped || !this.#isFollowing || this.head.n < head.n) break;
      if (events === null) {
        this.#startAnew();
        break;
      }
      // It was announced and is not in the log yet.
      if (!events.some(({ n }) => n > head.n)) {
        this.#confirmed();
        return 'later';
      }
      this.#lineage.isDoubtful = false;
      this.#takeIn(events);
    }
    return 'soon';
  }

  #takeIn(events: readonly LogEvent[]): void {
    const first = events.find(({ n }) => n > this.head.n);
    if (first !== undefined && first.n > this.head.n + 1) this.#skipTo(first);
    for (const [at, event] of events.entries()) {
      const before = events[at - 1];
      this.announce(before === undefined ? event : { ...event, follows: before.check });
    }
  }

  #skipTo(event: LogEvent): void {
    this.recent.clear();
    this.#lineage.moveTo({ n: event.n - 1, check: '' });
    this.#options.onLost();
  }

  #entry(event: LogEvent): LogEntry {
    const { store, links } = this.#options;
    return isLines(event) ? new LinesEntry(store.epoch, event) : new LogEntry(store.epoch, event, links);
  }
}
