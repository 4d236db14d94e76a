import type { BelfryError } from '@belfry/protocol';
import type { Log } from '../log.ts';

const AGAIN_MS = 10_000;
/** So that a resolver that puts something of each request into its words can't fill the memory. */
const REASONS = 100;

interface Told {
  until: number;
  /** How many there were since. */
  more: number;
}

/** Tells of requests that can't be served, each reason once in ten seconds: a line for each request would fill a log. */
export class RefusalLog {
  readonly #log: Pick<Log, 'warn'>;
  readonly #told = new Map<string, Told>();

  constructor(log: Pick<Log, 'warn'>) {
    this.#log = log;
  }

  tell(requestId: string, err: BelfryError): void {
    const now = performance.now();
    const last = this.#told.get(err.message);
    if (last !== undefined && now < last.until) {
      last.more += 1;
      return;
    }
    if (this.#told.size >= REASONS) this.#told.clear();
    this.#told.set(err.message, { until: now + AGAIN_MS, more: 0 });
    const fields = last === undefined || last.more === 0 ? {} : { moreSinceLastTold: last.more };
    this.#log.warn({ requestId, err, ...fields }, 'unavailable');
  }
}
