import type { Committed, Idempotency, ReadName, Reads, Store, WriteName, Writes } from '@belfry/core';
import type { WriteCall } from '../sql/write-ops.ts';
import { CommitQueue } from './commit-queue.ts';
import { unavailable } from './failures.ts';
import type { Thread } from './thread.ts';

/** The store as the rest of Belfry sees it. All SQL runs in its two threads, so the main thread never waits on disk. */
export class SqliteStore implements Store {
  readonly epoch: string;
  readonly #writer: Thread;
  readonly #reader: Thread;
  readonly #queue: CommitQueue;
  #closed: Promise<void> | null = null;

  constructor(epoch: string, writer: Thread, reader: Thread) {
    this.epoch = epoch;
    this.#writer = writer;
    this.#reader = reader;
    this.#queue = new CommitQueue((calls) => this.#writer.request(calls));
  }

  async commit<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    idempotency?: Idempotency,
  ): Promise<Committed<Writes[Name]['out']>> {
    this.#assertOpen();
    const call = (idempotency === undefined ? { name, input } : { name, input, idempotency }) as WriteCall;
    return (await this.#queue.add(call)) as Committed<Writes[Name]['out']>;
  }

  async read<Name extends ReadName>(name: Name, input: Reads[Name]['in']): Promise<Reads[Name]['out']> {
    this.#assertOpen();
    return (await this.#reader.request({ name, input })) as Reads[Name]['out'];
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#queue.idle();
    // The reader first: the last connection to close tidies the files, and only the writer may write.
    await this.#reader.close();
    await this.#writer.close();
  }

  #assertOpen(): void {
    if (this.#closed) throw unavailable('The database is closed.');
  }
}
