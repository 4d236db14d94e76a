import type { Committed, Idempotency, ReadName, Reads, Store, WriteName, Writes } from '@belfry/core';
import { CommitQueue, type Settled } from '../commit-queue.ts';
import { GatheredReads, isGathered, type ReadGroup } from '../gathered-reads.ts';
import { ReadTurns } from '../read-turns.ts';
import type { GroupName } from '../sql/read-ops.ts';
import type { WriteCall } from '../sql/write-ops.ts';
import { UnderWay } from '../under-way.ts';
import { fromFailure, type Outcome, unavailable } from './failures.ts';
import type { Reader } from './late-reader.ts';
import { packCall } from './packed-call.ts';
import { type PackedCommit, unpackCommit } from './packed-commit.ts';
import type { Thread } from './thread.ts';
import { WriteHealth } from './write-health.ts';

/** All commits go one way. */
const THE_WRITER = 'writer';

/** The store as the rest of Belfry sees it. All SQL runs in its two threads, so the main thread never waits on disk. */
export class SqliteStore implements Store {
  readonly epoch: string;
  readonly place: string;
  /** The lock file lets nobody else in. */
  readonly shared = false;
  readonly #writer: Thread;
  readonly #reader: Reader;
  readonly #queue: CommitQueue;
  readonly #turns = new ReadTurns(null);
  readonly #gathered: GatheredReads;
  readonly #reading = new UnderWay();
  readonly #health: WriteHealth;
  #closed: Promise<void> | null = null;

  constructor(epoch: string, writer: Thread, reader: Reader) {
    this.epoch = epoch;
    this.place = epoch;
    this.#writer = writer;
    this.#reader = reader;
    const read: ReadGroup = async (name, inputs) => (await reader.request({ name, inputs })) as unknown[];
    this.#gathered = new GatheredReads({ turns: this.#turns, waitMs: null, read });
    this.#queue = new CommitQueue((_, calls, letOn) => this.#write(calls, letOn));
    this.#health = new WriteHealth(() => this.#writer.request('probe'));
  }

  async commit<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    idempotency?: Idempotency,
  ): Promise<Committed<Writes[Name]['out']>> {
    this.#assertOpen();
    const call = (idempotency === undefined ? { name, input } : { name, input, idempotency }) as WriteCall;
    return (await this.#queue.add(THE_WRITER, call)) as Committed<Writes[Name]['out']>;
  }

  async read<Name extends ReadName>(name: Name, input: Reads[Name]['in']): Promise<Reads[Name]['out']> {
    this.#assertOpen();
    if (name === 'ping') await this.#health.assert();
    this.#reading.begin();
    try {
      return (await this.#ask(name, input)) as Reads[Name]['out'];
    } finally {
      this.#reading.end();
    }
  }

  #ask<Name extends ReadName>(name: Name, input: Reads[Name]['in']): Promise<unknown> {
    if (isGathered(name)) return this.#gathered.run(name, input as Reads[GroupName]['in']);
    return this.#turns.run(name, input, () => this.#reader.request({ name, input }));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #write(calls: WriteCall[], letOn: () => void): Promise<Settled[]> {
    try {
      const asked = this.#writer.request(calls.map(packCall));
      // The thread does one after the other, and need not wait for us in between.
      letOn();
      const outcomes = (await asked) as Outcome[];
      this.#health.note(outcomes);
      return outcomes.map((outcome, index) => settled(calls[index] as WriteCall, outcome));
    } catch (error) {
      this.#health.noteFailure();
      throw error;
    }
  }

  async #close(): Promise<void> {
    await Promise.all([this.#queue.idle(), this.#reading.none()]);
    // The reader first: the last connection to close tidies the files, and only the writer may write.
    await this.#reader.close();
    await this.#writer.close();
  }

  #assertOpen(): void {
    if (this.#closed) throw unavailable('The database is closed.');
  }
}

function settled({ name }: WriteCall, outcome: Outcome): Settled {
  if ('failed' in outcome) return { failed: fromFailure(outcome.failed) };
  return { ok: unpackCommit(name, outcome.ok as PackedCommit) };
}
