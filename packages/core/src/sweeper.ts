import { NextLook } from './next-look.ts';
import type { Recorder } from './recorder.ts';
import { type OnError, TellOnce } from './tell-once.ts';

/** How long what is stored stays. */
export interface Retention {
  /** Events older than this go. Milliseconds. */
  maxAgeMs: number;
  /** The oldest events of a log go until it is no larger than this. Bytes. */
  maxBytes: number;
  /** The oldest of the logs of a tenant's runs go, finished runs' first, until all hold no more than this. Bytes. */
  maxRunBytes: number;
  /** Inbox items older than this are withdrawn. Milliseconds. */
  inboxMs: number;
  /** The oldest items of a tenant are withdrawn until it has no more than this. */
  inboxItems: number;
  /** Closed questions and finished runs older than this are deleted. Milliseconds. */
  closedMs: number;
}

const DAY_MS = 24 * 3_600_000;

export const DEFAULT_RETENTION: Retention = {
  maxAgeMs: 3 * DAY_MS,
  maxBytes: 1_073_741_824,
  maxRunBytes: 4 * 1_073_741_824,
  inboxMs: 365 * DAY_MS,
  inboxItems: 1_000_000,
  closedMs: 30 * DAY_MS,
};

const EXPIRE_EVERY_MS = 250;
const FALL_BACK_EVERY_MS = 500;
const FALL_BACK_STEP = 50;
const RETAIN_EVERY_MS = 60_000;
/** Of what is done at once. 20,000 that expire together take most of a second, and a publish waits for one step. */
const EXPIRE_STEP = 1_000;
const RETAIN_STEP = 500;
/** Logs that are looked at in one step: some 20 ms. */
const RETAIN_LOGS = 2_000;

type Work = () => Promise<void>;

/**
 * Does what falls due, within a second of its time: withdraws notifications and ends questions that expire, interrupts
 * runs that have gone silent, and hands fallbacks to webhooks. Once a minute it deletes what is kept no longer. Works in
 * small steps, so that publishes get their turn in between. Due times stand in the database, and what fell due while no
 * process ran is done at the first start after.
 */
export class Sweeper {
  readonly #recorder: Recorder;
  readonly #retention: Retention;
  readonly #told = new Map<Work, TellOnce>();
  readonly #onError: OnError;
  readonly #expiry = new NextLook();
  readonly #fallBacks = new NextLook();
  #timers: NodeJS.Timeout[] = [];
  /** What is waiting or under way. Each kind of work once: a store that hangs must not gather a queue. */
  readonly #queued = new Set<Work>();
  /** Each kind of work on its own: what is due now must not wait for a long clean-up. */
  readonly #running = new Map<Work, Promise<void>>();

  constructor(recorder: Recorder, retention: Retention, onError: OnError) {
    this.#recorder = recorder;
    this.#retention = retention;
    this.#onError = onError;
  }

  start(): void {
    this.#repeat(() => this.#expire(), EXPIRE_EVERY_MS);
    this.#repeat(() => this.#fallBack(), FALL_BACK_EVERY_MS);
    this.#repeat(() => this.#retain(), RETAIN_EVERY_MS);
  }

  /** Resolves when what was under way has ended. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    await Promise.all(this.#running.values());
  }

  #repeat(work: Work, everyMs: number): void {
    this.#timers.push(setInterval(() => this.#queue(work), everyMs));
    this.#queue(work);
  }

  #queue(work: Work): void {
    if (this.#queued.has(work)) return;
    this.#queued.add(work);
    const told =
      this.#told.get(work) ?? new TellOnce((error) => this.#onError(error, 'a sweep failed; the next one tries again'));
    this.#told.set(work, told);
    const done = told.watch(work).finally(() => this.#queued.delete(work));
    this.#running.set(work, done);
  }

  async #expire(): Promise<void> {
    while (this.#timers.length > 0 && this.#expiry.isDue(this.#recorder.changes)) {
      const { changes } = this.#recorder;
      const { out } = await this.#recorder.commit('expire', { limit: EXPIRE_STEP });
      if (out.expired === EXPIRE_STEP) continue;
      this.#expiry.looked(changes, out.nextInMs);
      return;
    }
  }

  async #fallBack(): Promise<void> {
    while (this.#timers.length > 0 && this.#fallBacks.isDue(this.#recorder.changes)) {
      const { changes } = this.#recorder;
      const { out } = await this.#recorder.commit('fallBack', { limit: FALL_BACK_STEP });
      if (out.done > 0) continue;
      this.#fallBacks.looked(changes, out.nextInMs);
      return;
    }
  }

  async #retain(): Promise<void> {
    const { maxAgeMs, maxBytes } = this.#retention;
    const step = { maxAgeMs, maxBytes, limit: RETAIN_STEP };
    for (let after = 0; this.#timers.length > 0; ) {
      const logs = { after, limit: RETAIN_LOGS };
      const { out } = await this.#recorder.commit('retain', { ...step, logs });
      if (out.missed > 0) this.#onError(missedBy(out.missed), 'webhooks have fallen behind what is kept');
      if (out.next === null && out.deleted < RETAIN_STEP) break;
      after = out.next ?? after;
    }
    await this.#retainRuns();
    await this.#forget();
  }

  /** After all logs were looked at: by then the runs of each tenant are counted. */
  async #retainRuns(): Promise<void> {
    const step = { maxBytes: this.#retention.maxRunBytes, limit: RETAIN_STEP };
    while (this.#timers.length > 0) {
      const { out } = await this.#recorder.commit('retainRuns', step);
      if (out.deleted === 0) return;
    }
  }

  async #forget(): Promise<void> {
    const { inboxMs, inboxItems, closedMs } = this.#retention;
    while (this.#timers.length > 0) {
      const { out } = await this.#recorder.commit('forget', { inboxMs, inboxItems, closedMs, limit: RETAIN_STEP });
      if (out.forgotten < RETAIN_STEP) return;
    }
  }
}

function missedBy(count: number): Error {
  return new Error(
    `${count} events will not be sent to webhooks for which too many wait already: they are older than what is kept. GET /v1/webhooks says which (missed). Mend or remove those, or keep events for longer.`,
  );
}
