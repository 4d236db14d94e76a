import { type Appender, type KeptResult, type KeptResults, type NewEvent, type Tail, tailOf } from '../sql/appender.ts';
import { appendStatements, resultStatements } from './append-sql.ts';
import type { Statement } from './connection.ts';

/** A place to go back to. */
export interface Mark {
  tail: Tail;
  events: number;
  results: number;
  kept: number;
}

/**
 * The end of one log as a group of writes moves it, in memory: the group holds the log's lock. What is written gathers
 * until it is taken, so that many writes become one statement a table.
 */
export class GroupAppender implements Appender {
  readonly results: KeptResults;
  readonly #tenant: string;
  readonly #known: Map<string, KeptResult>;
  #tail: Tail;
  #events: NewEvent[] = [];
  #results: (KeptResult & { key: string })[] = [];
  /** The keys of all results that the group has kept, also of those that were taken. */
  readonly #kept: string[] = [];
  /** Called when something has come to what has gathered. */
  onWrite: () => void = () => {};

  constructor(tenant: string, tail: Tail, known: Map<string, KeptResult>) {
    this.#tenant = tenant;
    this.#tail = tail;
    this.#known = known;
    this.results = { find: (key) => this.#known.get(key), keep: (key, result) => this.#keep(key, result) };
  }

  async tail(tenant: string): Promise<Tail> {
    if (tenant !== this.#tenant) throw new Error('A group of writes is for one tenant.');
    return this.#tail;
  }

  async write(events: readonly NewEvent[]): Promise<void> {
    const last = events.at(-1)?.row;
    if (last) this.#tail = tailOf(last.log, last);
    this.#events.push(...events);
    this.onWrite();
  }

  /** Events that have gathered. */
  get size(): number {
    return this.#events.length;
  }

  /** What has gathered, as statements. Empty again after. */
  take(): Statement[] {
    const statements = [...appendStatements(this.#events), ...resultStatements(this.#tail.log, this.#results)];
    this.#events = [];
    this.#results = [];
    return statements;
  }

  mark(): Mark {
    return {
      tail: this.#tail,
      events: this.#events.length,
      results: this.#results.length,
      kept: this.#kept.length,
    };
  }

  /** Forgets what one write has done since. */
  backTo(mark: Mark): void {
    this.#tail = mark.tail;
    this.#events.splice(mark.events);
    this.#results.splice(mark.results);
    for (const key of this.#kept.splice(mark.kept)) this.#known.delete(key);
  }

  #keep(key: string, result: KeptResult): void {
    this.#known.set(key, result);
    this.#kept.push(key);
    this.#results.push({ key, ...result });
  }
}
