import type { ArtifactLinks, LogEvent, Store } from '@belfry/core';
import type { Position } from '@belfry/protocol';
import { GapFill } from './gap-fill.ts';
import { GapReader } from './gap-reader.ts';
import type { Governor } from './governor-wait.ts';
import { InOrder } from './in-order.ts';
import { LogEntry } from './log-entry.ts';
import { LogReader } from './log-reader.ts';
import { LogStart } from './log-start.ts';
import { Recall } from './recall.ts';
import type { RecentEntries, RingBudget } from './recent-entries.ts';
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
 * Follows one log: hands on what is announced in order, and reads from the store what is not. Numbers are gapless, so a
 * jump means that something was not announced here.
 */
export class LogFollower {
  readonly #options: FollowerOptions;
  readonly #inOrder: InOrder;
  readonly #gapReader: GapReader;
  readonly #gap: GapFill;
  readonly #recall: Recall;
  readonly #start: LogStart;
  #stopped = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    const reader = new LogReader(options.store, options.log);
    const entryOf = (event: LogEvent) => this.#entry(event);
    this.#inOrder = new InOrder({
      budget: options.budget,
      governor: options.governor ?? nobody,
      entryOf,
      onEntries: options.onEntries,
      onMissing: () => this.#gap.fillSoon(),
      onStranger: () => this.#gap.fillNow(),
    });
    this.#recall = new Recall({ recent: this.recent, reader, entryOf });
    this.#gapReader = new GapReader({
      reader,
      inOrder: this.#inOrder,
      onAnother: () => this.#startAnew(),
      onPassedOver: options.onLost,
    });
    this.#gap = new GapFill({
      isOpen: () => this.#inOrder.isMissing,
      read: () => this.#gapReader.read(),
      failed: () => this.doubt(),
      retryMs: RETRY_MS,
    });
    const shared = { reader, governor: this.#inOrder.governor, retryMs: RETRY_MS };
    this.#start = new LogStart({ ...options, ...shared, begin: (tail) => this.#inOrder.open(tail) });
  }

  /** The name of its log. */
  get log(): string {
    return this.#options.log;
  }

  get recent(): RecentEntries {
    return this.#inOrder.recent;
  }

  /** The last position handed on. Only after `start`. */
  get head(): Position {
    return this.#inOrder.head;
  }

  /** False before it has started, and while it starts anew. */
  get isFollowing(): boolean {
    return this.#inOrder.isOpen;
  }

  /** Whether all that was said of the log is handed on, as far as is known here. */
  get isCurrent(): boolean {
    const { isOpen, isDoubtful, isBehind } = this.#inOrder;
    return isOpen && !isDoubtful && !isBehind;
  }

  /** Finds the log's head and loads its tail, once for everyone who waits. Fails as the store does; call it again. */
  start(): Promise<void> {
    return this.#start.start();
  }

  stop(): void {
    this.#stopped = true;
    this.#start.stop();
    this.#gapReader.stop();
    this.#gap.stop();
    this.#inOrder.close();
  }

  /** Of one log. What may be handed on now goes together, in one step: who listens is looked at once for all of it. */
  announceAll(events: readonly LogEvent[]): void {
    this.#inOrder.announceAll(events);
  }

  announce(event: LogEvent): void {
    this.#inOrder.announce(event);
  }

  /** Everything up to `n` is in the store: what is missing of it is read at once. */
  hint(n: number): void {
    this.#inOrder.heardOf(n);
    if (this.#inOrder.isMissing) this.#gap.fillNow();
  }

  /**
   * Null where everything up to `n`, which is in the store, has been handed on; else resolves when it has, or when nobody
   * follows any more. What is not announced by then is read.
   */
  reach(n: number): Promise<void> | null {
    if (this.#stopped || (this.isFollowing && this.head.n >= n)) return null;
    this.#inOrder.heardOf(n);
    if (this.#inOrder.isMissing) this.#gap.fillSoon();
    return this.#inOrder.reaches(n);
  }

  /**
   * For who comes back from `n`, before what memory holds: null where they are to look for themselves, else resolves when
   * it holds as much as it can.
   */
  recall(n: number): Promise<void> | null {
    return this.isFollowing ? this.#recall.ask(n) : null;
  }

  /** What the answer to a question that is put now is to be compared with. */
  get reached(): Reached {
    return { head: this.head, furthest: this.#inOrder.furthest };
  }

  /**
   * Takes in where the store says the log ends. `then` is what was reached here before the store was asked: a log that
   * ends earlier, or differs there, was restored from a backup.
   */
  compare(then: Reached, head: Position): void {
    // It has started anew meanwhile: the answer is about a log that is not followed any more.
    if (!this.isFollowing || then.head.n > this.head.n) return;
    const verdict = this.#inOrder.judge(then.head, head);
    if (verdict === 'another') {
      this.#startAnew();
      return;
    }
    // What is announced is in the store by then: what is not there was of a log that is no more.
    if (head.n < then.furthest && then.furthest === this.#inOrder.furthest) this.#inOrder.forgetAfter(head.n);
    if (verdict === 'same' && head.n === this.head.n) this.#inOrder.confirmed();
    this.hint(head.n);
  }

  /** The store could not be asked: what it says next is checked against what was handed on. */
  doubt(): void {
    this.#inOrder.doubt();
  }

  #startAnew(): void {
    this.#inOrder.reopen();
    this.#gap.forget();
    this.#start.restart();
    this.#options.onLost();
  }

  #entry(event: LogEvent): LogEntry {
    const { store, links } = this.#options;
    return isLines(event) ? new LinesEntry(store.epoch, event) : new LogEntry(store.epoch, event, links);
  }
}
