import type { BusCounters } from '@belfry/hub';
import { encodeWakeUps } from './wake-ups.ts';

/** Between two statements. The first of a burst goes at once. */
const EVERY_MS = 5;
const MOST_LOGS = 10_000;

export interface NotifierOptions {
  origin: string;
  counters: BusCounters;
  /** Null while there is no connection. */
  notify: (payloads: readonly string[]) => Promise<unknown> | null;
}

/**
 * Gathers what was committed into wake-ups, off the path of those who commit: one statement under way at a time, as all
 * commits with notifications of a Postgres wait for each other.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  #furthest = new Map<string, number>();
  #events = 0;
  #underWay: Promise<unknown> | null = null;
  #isClosed = false;
  #timer: NodeJS.Timeout | NodeJS.Immediate | null = null;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  add(log: string, n: number): void {
    const known = this.#furthest.get(log);
    if (known === undefined && this.#furthest.size >= MOST_LOGS) {
      this.#options.counters.lost += 1;
      return;
    }
    this.#furthest.set(log, Math.max(known ?? 0, n));
    this.#events += 1;
    if (this.#underWay === null && !this.#isClosed) this.#timer ??= setImmediate(() => void this.#send());
  }

  /** Resolves when what was added has gone out. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
    await Promise.all([this.#underWay, this.#send()]);
  }

  async #send(): Promise<void> {
    this.#timer = null;
    const { origin, counters, notify } = this.#options;
    const events = this.#events;
    const payloads = encodeWakeUps(origin, this.#furthest);
    this.#furthest = new Map();
    this.#events = 0;
    if (payloads.length === 0) return;
    const sent = notify(payloads);
    if (sent === null) {
      counters.lost += events;
      return;
    }
    const started = performance.now();
    this.#underWay = sent.catch(() => {
      counters.failed += events;
    });
    await this.#underWay;
    this.#underWay = null;
    this.#sendLater(EVERY_MS - (performance.now() - started));
  }

  #sendLater(ms: number): void {
    if (this.#isClosed || this.#timer !== null) return;
    if (ms <= 0) this.#timer = setImmediate(() => void this.#send());
    else this.#timer = setTimeout(() => void this.#send(), ms);
  }
}
