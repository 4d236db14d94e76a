import type { LogEvent } from './log-event.ts';
import type { Store } from './store/port.ts';
import type { Committed, Idempotency, WriteName, Writes } from './store/writes.ts';

/** Told of every event that has been committed here, in order within a tenant. Must not throw. */
export type Announce = (events: readonly LogEvent[]) => void;

/** Commits, then announces. The one way by which core changes anything. */
export class Recorder {
  readonly store: Store;
  readonly #announce: Announce;

  constructor(store: Store, announce: Announce) {
    this.store = store;
    this.#announce = announce;
  }

  async commit<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    idempotency?: Idempotency,
  ): Promise<Committed<Writes[Name]['out']>> {
    const committed = await this.store.commit(name, input, idempotency);
    if (committed.events.length > 0) this.#announce(committed.events);
    return committed;
  }
}
