import type { LogEvent, ReadName, Reads, Store, WriteName, Writes } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import { WORK_SECONDS } from './buckets.ts';
import { Counter, type Family, Histogram, Watched } from './families.ts';

/** A kind of event, by how its type begins. What else there is, is an app's own. */
const KINDS = new Set(['notification', 'question', 'run', 'access']);

/** Reads that are told by the name of another: how an answer is put together is no reason to rename what dashboards show. */
const TOLD_AS: Partial<Record<ReadName, ReadName>> = { inboxJson: 'inbox' };

/** The database as this process sees it: what it did, how long that took, and what became of it. */
export class StoreMetrics {
  readonly #commits = new Counter(
    'belfry_store_commits_total',
    'Writes, by what they were and how they ended: done, refused for what was asked, or failed.',
    ['write', 'outcome'],
  );
  readonly #commitSeconds = new Histogram(
    'belfry_store_commit_duration_seconds',
    'How long writes took, until they were on disk.',
    WORK_SECONDS,
  );
  readonly #reads = new Counter('belfry_store_reads_total', 'Reads likewise.', ['read', 'outcome']);
  readonly #readSeconds = new Histogram('belfry_store_read_duration_seconds', 'How long reads took.', WORK_SECONDS);
  readonly #events = new Counter('belfry_events_committed_total', 'Events committed by this process.', ['kind']);
  readonly #replays = new Counter(
    'belfry_idempotent_replays_total',
    'Creating requests that were repeated and got their first result.',
  );
  readonly #acks = new Counter('belfry_acks_received_total', 'Acks of devices: all up to a cursor has arrived.');
  readonly #deliveries = new Counter(
    'belfry_webhook_deliveries_total',
    'Tries of webhook deliveries: delivered, failed and to be tried again, or dead.',
    ['outcome'],
  );
  #isUp = true;

  constructor() {
    for (const kind of [...KINDS, 'app']) this.#events.add(0, kind);
    for (const outcome of ['delivered', 'failed', 'dead']) this.#deliveries.add(0, outcome);
  }

  families(): Family[] {
    return [
      new Watched('gauge', 'belfry_store_up', '1 while the database answers; 0 after a call that it did not.', () =>
        this.#isUp ? 1 : 0,
      ),
      this.#commits,
      this.#commitSeconds,
      this.#reads,
      this.#readSeconds,
      this.#events,
      this.#replays,
      this.#acks,
      this.#deliveries,
    ];
  }

  /** The same store, watched. */
  watching(store: Store): Store {
    return {
      epoch: store.epoch,
      place: store.place,
      shared: store.shared,
      commit: async (name, input, idempotency) => {
        const committed = await this.#timed(
          name,
          () => store.commit(name, input, idempotency),
          this.#commits,
          this.#commitSeconds,
        );
        this.#noteCommitted(name, input, committed.events, committed.replayed);
        return committed;
      },
      read: <Name extends ReadName>(name: Name, input: Reads[Name]['in']) =>
        this.#timed(TOLD_AS[name] ?? name, () => store.read(name, input), this.#reads, this.#readSeconds),
      close: () => store.close(),
    };
  }

  async #timed<Value>(name: string, work: () => Promise<Value>, calls: Counter, seconds: Histogram): Promise<Value> {
    const begun = performance.now();
    try {
      const value = await work();
      this.#isUp = true;
      calls.add(1, name, 'done');
      return value;
    } catch (error) {
      const outcome = outcomeOf(error);
      this.#isUp = outcome === 'refused';
      calls.add(1, name, outcome);
      throw error;
    } finally {
      seconds.observe((performance.now() - begun) / 1_000);
    }
  }

  #noteCommitted<Name extends WriteName>(
    name: Name,
    input: Writes[Name]['in'],
    events: readonly LogEvent[],
    replayed: boolean,
  ): void {
    if (replayed) this.#replays.add(1);
    for (const [type, count] of countsByType(events)) this.#events.add(count, kindOf(type));
    if (name === 'ack') this.#acks.add(1);
    if (name === 'settleDelivery') this.#deliveries.add(1, becameOf(input as Writes['settleDelivery']['in']));
  }
}

function outcomeOf(error: unknown): 'refused' | 'failed' {
  const isRefused = error instanceof BelfryError && error.code !== 'unavailable' && error.code !== 'internal';
  return isRefused ? 'refused' : 'failed';
}

/** A batch is of few types: its events are counted first. */
function countsByType(events: readonly LogEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

function kindOf(type: string): string {
  const kind = type.slice(0, type.indexOf('.'));
  return KINDS.has(kind) ? kind : 'app';
}

function becameOf({ outcome }: Writes['settleDelivery']['in']): 'delivered' | 'failed' | 'dead' {
  if (outcome.delivered) return 'delivered';
  return outcome.retryInMs === null ? 'dead' : 'failed';
}
