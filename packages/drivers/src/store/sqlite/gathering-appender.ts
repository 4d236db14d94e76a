import { type Appender, type KeptResults, type NewEvent, type Tail, tailOf } from '../sql/log/appender.ts';

/**
 * Moves the ends of logs in memory, and writes what many writes have appended together: of tenants' logs only, as a
 * run's also tells where its tenant's ends.
 */
export class GatheringAppender implements Appender {
  readonly results?: KeptResults;
  readonly #within: Appender;
  readonly #logs = new Map<string, number>();
  readonly #tails = new Map<number, Tail>();
  readonly #events: NewEvent[] = [];

  constructor(within: Appender) {
    this.#within = within;
    if (within.results) this.results = within.results;
  }

  async tail(name: string): Promise<Tail> {
    const known = this.#tails.get(this.#logs.get(name) ?? 0);
    if (known !== undefined) return known;
    const tail = await this.#within.tail(name);
    this.#logs.set(name, tail.log);
    this.#tails.set(tail.log, tail);
    return tail;
  }

  async write(events: readonly NewEvent[]): Promise<void> {
    const last = events.at(-1)?.row;
    if (last) this.#tails.set(last.log, tailOf(last.log, last));
    this.#events.push(...events);
  }

  /** Once, when all have written. */
  flush(): Promise<void> {
    return this.#within.write(this.#events);
  }
}
