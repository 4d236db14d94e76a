import type { LogEvent, Store } from '@belfry/core';
import { EVERYTHING, type Position } from '@belfry/protocol';

const TAIL_EVENTS = 512;
const PAGE_EVENTS = 1_000;
const PAGE_BYTES = 4 * 1_048_576;

/** Reads one log from the store, for everyone who listens to it. */
export class LogReader {
  readonly #store: Store;
  readonly #log: string;

  /** @param log its name. */
  constructor(store: Store, log: string) {
    this.#store = store;
    this.#log = log;
  }

  /** Where the log ends, and what comes right before: only the newest where a page can't hold all of it. */
  async tail(): Promise<{ head: Position; events: LogEvent[] }> {
    const { head } = await this.#store.read('locate', { log: this.#log, n: 0 });
    const events = await this.#read(Math.max(0, head.n - TAIL_EVENTS), head.n, TAIL_EVENTS);
    // A page cut short by its bytes would leave a gap before the head.
    if (head.n === 0 || events.at(-1)?.n === head.n) return { head, events };
    return { head, events: await this.#read(head.n - 1, head.n, 1) };
  }

  /** A page that begins with the event at `from`, to see that the rest follows it. Null: it does not. */
  async pageFollowing(from: Position, upTo: number): Promise<LogEvent[] | null> {
    const events = await this.#read(Math.max(0, from.n - 1), upTo, PAGE_EVENTS);
    return follows(events, from) ? events : null;
  }

  /**
   * What comes right before an event of this log, oldest first, without a gap. Nothing where it is gone, or where the log
   * is not the one that the event was of.
   */
  async pageBefore({ n, check }: Position): Promise<LogEvent[]> {
    for (let size = PAGE_EVENTS; size >= 1; size = Math.floor(size / 4)) {
      const events = await this.#read(Math.max(0, n - 1 - size), n, size + 1);
      const last = events.at(-1);
      // Its bytes have cut the page short: a smaller one holds what is nearest.
      if (last !== undefined && last.n < n) continue;
      return last?.check === check ? withoutGap(events.slice(0, -1), n) : [];
    }
    return [];
  }

  async #read(after: number, upTo: number, limit: number): Promise<LogEvent[]> {
    const range = { log: this.#log, after, upTo, grants: EVERYTHING, limit, maxBytes: PAGE_BYTES };
    return (await this.#store.read('readLog', range)).events;
  }
}

/** Those that lead up to `n` one by one. */
function withoutGap(events: readonly LogEvent[], n: number): LogEvent[] {
  const gap = events.findLastIndex((event, at) => event.n !== n - events.length + at);
  return events.slice(gap + 1);
}

/** Retention may have deleted the event at `from`; that it was replaced shows in its check value. */
function follows(events: readonly LogEvent[], from: Position): boolean {
  const [first] = events;
  if (from.n === 0) return true;
  if (first === undefined) return false;
  return first.n > from.n || from.check === '' || first.check === from.check;
}
