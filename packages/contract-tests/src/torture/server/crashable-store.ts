import type { Committed, Idempotency, Store, WriteName, Writes } from '@belfry/core';

/** A store that can end its process at the worst moment there is: what was published is kept, and nobody was told. */
export class CrashableStore implements Store {
  readonly #store: Store;
  #left = Number.POSITIVE_INFINITY;

  constructor(store: Store) {
    this.#store = store;
  }

  get epoch(): string {
    return this.#store.epoch;
  }

  get place(): string {
    return this.#store.place;
  }

  get shared(): boolean {
    return this.#store.shared;
  }

  /** Of the commits that publish something, the nth from now is the last. */
  crashAfter(commits: number): void {
    this.#left = commits;
  }

  async commit<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    idempotency?: Idempotency,
  ): Promise<Committed<Writes[Name]['out']>> {
    const committed = await this.#store.commit(name, input, idempotency);
    if ((name === 'publish' || name === 'emit') && !committed.replayed) this.#count();
    return committed;
  }

  read: Store['read'] = (name, input) => this.#store.read(name, input);

  close = (): Promise<void> => this.#store.close();

  #count(): void {
    this.#left -= 1;
    // The system ends it within this call: nothing after it runs.
    if (this.#left === 0) process.kill(process.pid, 'SIGKILL');
  }
}
