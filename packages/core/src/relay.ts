import { BelfryError } from '@belfry/protocol';
import { newEvent, newNotification, parseWith } from '@belfry/protocol/schemas';
import { draftOf } from './notifications.ts';
import type { Recorder } from './recorder.ts';
import type { OutboxRow } from './store/reads.ts';
import type { Relayed } from './store/writes.ts';

const EVERY_MS = 100;
const STEP = 500;

/**
 * Makes events of what applications published by SQL. It looks often instead of being woken: a NOTIFY in the
 * application's transaction would take a lock that all commits of the database share.
 */
export class Relay {
  readonly #recorder: Recorder;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;

  constructor(recorder: Recorder, onError: (error: unknown) => void) {
    this.#recorder = recorder;
    this.#onError = onError;
  }

  /** Does nothing where this process has the database to itself: then there is no outbox. */
  start(): void {
    if (this.#recorder.store.shared) this.#timer ??= setInterval(() => this.#look(), EVERY_MS);
  }

  /** Resolves when what was under way has ended. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#running;
  }

  #look(): void {
    this.#running ??= this.#relayAll()
      .catch(this.#onError)
      .finally(() => {
        this.#running = null;
      });
  }

  async #relayAll(): Promise<void> {
    while (this.#timer !== null) {
      const rows = await this.#recorder.store.read('outbox', { limit: STEP });
      // Tenants wait for a lock each, and none of them for another's.
      const byTenant = Map.groupBy(rows, ({ tenant }) => tenant);
      await Promise.all([...byTenant].map(([tenant, own]) => this.#relay(tenant, own)));
      if (rows.length < STEP) return;
    }
  }

  async #relay(tenant: string, rows: readonly OutboxRow[]): Promise<void> {
    const relayed = rows.map(readRow);
    try {
      await this.#recorder.commit('relay', { tenant, rows: relayed });
    } catch (error) {
      if (isPassing(error)) throw error;
      for (const row of relayed) await this.#relayOne(tenant, row);
    }
  }

  /** The one that the store refuses goes to the dead letters, and the others on their way. */
  async #relayOne(tenant: string, row: Relayed): Promise<void> {
    try {
      await this.#recorder.commit('relay', { tenant, rows: [row] });
    } catch (error) {
      if (isPassing(error)) throw error;
      const reason = (error as Error).message;
      await this.#recorder.commit('relay', { tenant, rows: [{ id: row.id, reason }] });
    }
  }
}

/** The database is away or busy: nothing is wrong with the row. */
function isPassing(error: unknown): boolean {
  return error instanceof BelfryError && error.code === 'unavailable';
}

function readRow({ id, kind, body }: OutboxRow): Relayed {
  try {
    const { id: given, ...rest } = JSON.parse(body) as { id: string };
    return kind === 'event' ? { id, event: eventFrom(rest) } : { id, draft: draftFrom(given, rest) };
  } catch (error) {
    return { id, reason: (error as Error).message };
  }
}

function draftFrom(id: string, body: object) {
  const parsed = parseWith(newNotification, body);
  return draftOf(id, parsed, parsed.to ?? []);
}

function eventFrom(body: object) {
  const { to, type, data } = parseWith(newEvent, body);
  return { to, type, data: JSON.stringify(data) };
}
