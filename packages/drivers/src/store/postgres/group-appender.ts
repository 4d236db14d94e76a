import { topicOf } from '@belfry/core';
import {
  type Appender,
  type KeptResult,
  type KeptResults,
  type KeptRunTail,
  type NewEvent,
  type Tail,
  tailOf,
} from '../sql/log/appender.ts';
import type { RunTailRow } from '../sql/schema.ts';
import { appendChanges, resultChanges, runTailChanges } from './append-sql.ts';
import type { Statement } from './connection.ts';
import { type Changed, joined } from './joined.ts';

/** A place to go back to. */
export interface Mark {
  tails: ReadonlyMap<string, Tail>;
  events: number;
  results: number;
  kept: number;
  runTail: RunTailRow | undefined;
}

export interface GroupStart {
  /** The log that the group is for, whose lock it holds. */
  log: string;
  tail: Tail;
  /** What its idempotency keys gave the first time. */
  known: Map<string, KeptResult>;
  /** Where that log is a run's. */
  runTail: RunTailRow | undefined;
  /** The same: where its tenant's log ends. */
  tenantHead: number;
  /** Takes the lock of another log until the end of the transaction, or of the savepoint, and finds its end. */
  open: (log: string) => Promise<Tail>;
}

/**
 * The ends of logs as a group of writes moves them, in memory: the group holds their locks. It is for one log, and
 * opens others where a write belongs to two. What is written gathers until it is taken, so that many writes become one
 * statement a table.
 */
export class GroupAppender implements Appender {
  readonly results: KeptResults;
  readonly runTail?: KeptRunTail;
  readonly #own: string;
  readonly #open: GroupStart['open'];
  readonly #tenantHead: number;
  readonly #known: Map<string, KeptResult>;
  #tails: Map<string, Tail>;
  #events: NewEvent[] = [];
  #results: (KeptResult & { key: string })[] = [];
  /** The keys of all results that the group has kept, also of those that were taken. */
  readonly #kept: string[] = [];
  #runTail: RunTailRow | undefined;
  #takenRunTail: RunTailRow | undefined;
  /** Called when something has come to what has gathered. */
  onWrite: () => void = () => {};

  constructor({ log, tail, known, runTail, tenantHead, open }: GroupStart) {
    this.#own = log;
    this.#tenantHead = tenantHead;
    this.#tails = new Map([[log, tail]]);
    this.#known = known;
    this.#open = open;
    // A write looks in the log that it holds first, which is the group's.
    this.results = { find: (_, key) => this.#known.get(key), keep: (_, key, result) => this.#keep(key, result) };
    if (runTail === undefined) return;
    this.#runTail = runTail;
    this.#takenRunTail = runTail;
    this.runTail = {
      find: () => this.#runTail,
      keep: (moved) => {
        this.#runTail = moved;
      },
    };
  }

  async tail(log: string): Promise<Tail> {
    const tail = this.#tails.get(log) ?? (await this.#open(log));
    this.#tails.set(log, tail);
    const { tenant, run } = topicOf(log);
    // Where the group holds the tenant's log, that ends where the writes before this one have moved it.
    return run === undefined ? tail : { ...tail, after: this.#tails.get(tenant)?.n ?? this.#tenantHead };
  }

  async write(events: readonly NewEvent[]): Promise<void> {
    const last = events.at(-1)?.row;
    if (last) this.#tails.set(this.#nameOf(last.log), tailOf(last.log, last));
    this.#events.push(...events);
    this.onWrite();
  }

  /** Events that have gathered. */
  get size(): number {
    return this.#events.length;
  }

  /** The end of the log that the group is for, with all that was written. */
  get end(): Tail {
    return this.#tails.get(this.#own) as Tail;
  }

  /** What has gathered, as at most one statement. Empty again after. */
  take(): Statement[] {
    return joined(this.takeChanges());
  }

  takeChanges(): Changed[] {
    const { log } = this.end;
    const byLog = Map.groupBy(this.#events, ({ row }) => row.log);
    const appended = [...byLog.values()].flatMap(appendChanges);
    const changes = [...appended, ...resultChanges(log, this.#results), ...this.#movedRunTail()];
    this.#events = [];
    this.#results = [];
    return changes;
  }

  mark(): Mark {
    return {
      tails: new Map(this.#tails),
      events: this.#events.length,
      results: this.#results.length,
      kept: this.#kept.length,
      runTail: this.#runTail,
    };
  }

  /** Forgets what one write has done since. The locks that it took went with its savepoint. */
  backTo(mark: Mark): void {
    this.#tails = new Map(mark.tails);
    this.#events.splice(mark.events);
    this.#results.splice(mark.results);
    this.#runTail = mark.runTail;
    for (const key of this.#kept.splice(mark.kept)) this.#known.delete(key);
  }

  #movedRunTail(): Changed[] {
    if (this.#runTail === this.#takenRunTail || this.#runTail === undefined) return [];
    this.#takenRunTail = this.#runTail;
    return runTailChanges(this.#runTail);
  }

  #nameOf(log: number): string {
    for (const [name, tail] of this.#tails) if (tail.log === log) return name;
    throw new Error('A group of writes appends to the logs that it has opened.');
  }

  #keep(key: string, result: KeptResult): void {
    this.#known.set(key, result);
    this.#kept.push(key);
    this.#results.push({ key, ...result });
  }
}
