import type { LogEvent } from './log-event.ts';
import type { Committed, Idempotency } from './store/commit.ts';
import type { Store } from './store/port.ts';
import type { WriteName, Writes } from './store/writes.ts';

/** Told of every event that has been committed here, in order within a tenant. Must not throw. */
export type Announce = (events: readonly LogEvent[]) => void;

/** What a process does by itself and over and over: by none of it will anything be due. */
const CHORES: ReadonlySet<WriteName> = new Set<WriteName>([
  'presence',
  'expire',
  'fallBack',
  'retain',
  'retainRuns',
  'forget',
]);

/**
 * Commits, then announces; what was committed in one step with others is announced with them. The one way by which core
 * changes anything.
 */
export class Recorder {
  readonly store: Store;
  /** How often something was committed, or may have been, from which on something may be due that was not before. */
  changes = 0;
  readonly #announce: Announce;
  /** What is to be announced once all that was answered in the same step is here. */
  #untold: LogEvent[] = [];
  #telling: Promise<void> | null = null;

  constructor(store: Store, announce: Announce) {
    this.store = store;
    this.#announce = announce;
  }

  async commit<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    idempotency?: Idempotency,
  ): Promise<Committed<Writes[Name]['out']>> {
    const committed = await this.store.commit(name, input, idempotency).finally(() => {
      if (!CHORES.has(name)) this.changes += 1;
    });
    if (committed.events.length > 0) await this.#tell(committed.events);
    return committed;
  }

  #tell(events: readonly LogEvent[]): Promise<void> {
    for (const event of events) this.#untold.push(event);
    this.#telling ??= Promise.resolve().then(() => {
      const untold = this.#untold;
      this.#untold = [];
      this.#telling = null;
      this.#announce(untold);
    });
    return this.#telling;
  }
}
