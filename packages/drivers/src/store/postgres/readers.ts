import type { ReadName } from '@belfry/core';
import type { Connection } from './connection.ts';
import { type Connect, Pool } from './pool.ts';

const FOR_ALL = 4;

/**
 * What delivery waits for. `first`: asked by one caller each, every second or more often; lateness of theirs is lateness
 * of events. `short`: a seek or a page, asked by those who follow a log and by streams that begin.
 */
const KIND: Partial<Record<ReadName, 'first' | 'short'>> = {
  heads: 'first',
  outbox: 'first',
  locate: 'short',
  readLog: 'short',
};

/**
 * Connections to read from. One of the five is kept for short work, so that a storm of whole states, which all come
 * when a process starts, does not hold up what happens meanwhile.
 */
export class Readers {
  readonly #forAll: Pool;
  readonly #forShort: Pool;

  constructor(connect: Connect) {
    this.#forAll = new Pool(connect, FOR_ALL);
    this.#forShort = new Pool(connect, 1);
  }

  /** @throws as Pool.use does. */
  use<Result>(name: ReadName, work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const kind = KIND[name];
    if (kind === 'first') return this.#forShort.use(work, { isUrgent: true });
    const pool = kind === 'short' && !this.#forAll.hasRoom ? this.#forShort : this.#forAll;
    return pool.use(work);
  }

  async close(): Promise<void> {
    await Promise.all([this.#forAll.close(), this.#forShort.close()]);
  }
}
