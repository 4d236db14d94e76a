import { setTimeout } from 'node:timers/promises';
import { BelfryError, isTenant, quote } from '@belfry/protocol';
import { readRow } from './outbox-row.ts';
import type { Recorder } from './recorder.ts';
import type { OutboxRow, Relayed } from './store/outbox.ts';
import { type OnError, TellOnce } from './tell-once.ts';

const EVERY_MS = 100;
const STEP = 500;
/** A call takes as long as so many notifications do. The others of its tenant wait for the step that it is in. */
const CALL_WEIGHT = 20;
/** After a failure its tenant rests, so that a database in trouble is not asked ten times a second. */
const REST_MS = 1_000;
/** How often a row is tried that fails for no reason of its own that we know. */
const TRIES = 5;

/**
 * Does what applications called by SQL. It looks often instead of being woken: a NOTIFY in the
 * application's transaction would take a lock that all commits of the database share. Each tenant's rows are taken in
 * order, and no tenant waits for another.
 */
export class Relay {
  readonly #recorder: Recorder;
  readonly #onError: OnError;
  readonly #reading: TellOnce;
  /** Tenants whose rows are under way, or rest. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #failing = new Set<string>();
  readonly #tries = new Map<number, number>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #endRests = new AbortController();

  constructor(recorder: Recorder, onError: OnError) {
    this.#recorder = recorder;
    this.#onError = onError;
    this.#reading = new TellOnce((error) => onError(error, 'the outbox could not be read; the next look tries again'));
  }

  /** Does nothing where this process has the database to itself: then there is no outbox. */
  start(): void {
    if (this.#recorder.store.shared) this.#timer ??= setInterval(() => this.#look(), EVERY_MS);
  }

  /** Resolves when what was under way has ended. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#endRests.abort();
    await this.#looking;
    await Promise.all(this.#busy.values());
  }

  #look(): void {
    this.#looking ??= this.#reading
      .watch(() => this.#takeUp())
      .finally(() => {
        this.#looking = null;
      });
  }

  async #takeUp(): Promise<void> {
    for (let found = STEP; found === STEP && this.#timer !== null; ) {
      const rows = await this.#recorder.store.read('outbox', { limit: STEP, without: [...this.#busy.keys()] });
      for (const [tenant, own] of Map.groupBy(rows, (row) => row.tenant)) this.#start(tenant, own);
      found = rows.length;
    }
  }

  #start(tenant: string, rows: readonly OutboxRow[]): void {
    const work = this.#relay(tenant, rows)
      .then(
        () => void this.#failing.delete(tenant),
        (error: unknown) => this.#rest(tenant, error),
      )
      .finally(() => this.#busy.delete(tenant));
    this.#busy.set(tenant, work);
  }

  async #rest(tenant: string, error: unknown): Promise<void> {
    if (!this.#failing.has(tenant)) this.#onError(error, 'what SQL published could not be relayed; it is tried again');
    this.#failing.add(tenant);
    await setTimeout(REST_MS, undefined, { signal: this.#endRests.signal }).catch(() => {});
  }

  async #relay(tenant: string, rows: readonly OutboxRow[]): Promise<void> {
    if (!isTenant(tenant)) return this.#refuse(tenant, rows);
    for (const step of stepsOf(rows.map(readRow))) await this.#relayStep(tenant, step);
  }

  async #relayStep(tenant: string, relayed: Relayed[]): Promise<void> {
    try {
      await this.#commit(tenant, relayed);
    } catch (error) {
      if (isPassing(error)) throw error;
      for (const row of relayed) await this.#relayOne(tenant, row);
    }
  }

  /** A row that can't be delivered must not hold up those behind it. */
  async #relayOne(tenant: string, row: Relayed): Promise<void> {
    try {
      await this.#commit(tenant, [row]);
    } catch (error) {
      if (isPassing(error) || !this.#isHopeless(row, error)) throw error;
      await this.#commit(tenant, [{ id: row.id, reason: (error as Error).message }]);
    }
    this.#tries.delete(row.id);
  }

  async #commit(tenant: string, rows: Relayed[]): Promise<void> {
    const { out } = await this.#recorder.commit('relay', { tenant, rows });
    for (const reason of out.letters) {
      this.#onError(reason, `something that SQL called in tenant ${tenant} is now a dead letter`);
    }
  }

  /** The functions put no such row there; an owner of the table may. */
  async #refuse(tenant: string, rows: readonly OutboxRow[]): Promise<void> {
    const reason = `${quote(tenant)} is no tenant: a name starts with a letter or digit and may hold . _ ~ @ | + : -`;
    const { out } = await this.#recorder.commit('letOutboxDie', { rows: rows.map(({ id }) => id), reason });
    if (out.letters > 0) this.#onError(reason, `${out.letters} rows of the outbox are now dead letters`);
  }

  /** Wrong input stays wrong. A mistake of ours may be one of the moment. */
  #isHopeless({ id }: Relayed, error: unknown): boolean {
    if (error instanceof BelfryError && ['invalid', 'too_large'].includes(error.code)) return true;
    const tries = (this.#tries.get(id) ?? 0) + 1;
    this.#tries.set(id, tries);
    return tries >= TRIES;
  }
}

/** In their order, each as much as is worth committing together. */
function stepsOf(rows: readonly Relayed[]): Relayed[][] {
  const steps: Relayed[][] = [];
  let room = 0;
  for (const row of rows) {
    const weight = 'call' in row ? CALL_WEIGHT : 1;
    if (room < weight) {
      steps.push([]);
      room = STEP;
    }
    steps.at(-1)?.push(row);
    room -= weight;
  }
  return steps;
}

/** The database is away or busy: nothing is wrong with the row. */
function isPassing(error: unknown): boolean {
  return error instanceof BelfryError && error.code === 'unavailable';
}
