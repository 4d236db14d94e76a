import type { LogEvent } from '@belfry/core';
import type { LogEntry } from './log-entry.ts';
import type { LogReader } from './log-reader.ts';
import type { RecentEntries } from './recent-entries.ts';

/** So many of a span look for themselves: one who was long away is no reason to read what they all missed. */
const FEW = 3;
const SPAN_MS = 1_000;

export interface RecallOptions {
  recent: RecentEntries;
  reader: Pick<LogReader, 'pageBefore'>;
  entryOf: (event: LogEvent) => LogEntry;
  /** Milliseconds that never go back. */
  now?: () => number;
}

/**
 * Lets memory reach further back. A process that has just started holds only the newest of a log, and in a storm all come
 * back from before that: instead of each asking the store, one reading serves all of them. It takes what room there is
 * and nothing from anybody. One at a time, and where it does not get far enough the next begins a while later.
 */
export class Recall {
  readonly #options: RecallOptions;
  readonly #now: () => number;
  #asked = 0;
  #spanEnds = 0;
  #restEnds = 0;
  #reading: Promise<void> | null = null;

  constructor(options: RecallOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Null where who asks for what came after `n` is to look for it themselves; else resolves when memory holds what it can. */
  ask(n: number): Promise<void> | null {
    if (!this.#options.recent.mayReach(n)) return null;
    if (this.#reading === null && this.#areMany()) this.#reading = this.#begin();
    return this.#reading;
  }

  #areMany(): boolean {
    const now = this.#now();
    if (now < this.#restEnds) return false;
    if (now >= this.#spanEnds) {
      this.#spanEnds = now + SPAN_MS;
      this.#asked = 0;
    }
    this.#asked += 1;
    return this.#asked > FEW;
  }

  /** Never fails: where the store does not answer, who waited asks it, and is told. */
  async #begin(): Promise<void> {
    try {
      while (await this.#readPage());
    } catch {
      // As above.
    } finally {
      this.#reading = null;
      this.#restEnds = this.#now() + SPAN_MS;
    }
  }

  /** Whether there may be more. */
  async #readPage(): Promise<boolean> {
    const { recent, reader, entryOf } = this.#options;
    const { oldest } = recent;
    if (oldest === undefined || !recent.mayReach(oldest.n - 1)) return false;
    const events = await reader.pageBefore(oldest.event);
    // It had to make room meanwhile, or begins anew.
    if (events.length === 0 || recent.oldest !== oldest) return false;
    return recent.prepend(events.map(entryOf));
  }
}
