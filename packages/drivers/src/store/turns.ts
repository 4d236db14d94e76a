import { BelfryError } from '@belfry/protocol';
import { FairQueue, type Owner } from './fair-queue.ts';

/** So that a database that stands still can't fill the memory. */
const WAITING_ALL = 20_000;

/** Who asks, and how much of theirs may wait. */
export interface Asker extends Owner {
  most: number;
}

export interface TurnsOptions {
  /** What is waited for, as in "Too many reads at once". */
  what: string;
  atOnce: number;
  /** How long each may wait. Null: until it is its turn. */
  waitMs: number | null;
  waitingAll?: number;
}

type Begin = () => void;

/** Lets work through to the engine, some at once; what waits is begun in turns, fair by tenant and by who asks. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting = new FairQueue<Begin>();
  #running = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** @throws BelfryError `rate_limited` where too much of the asker's waits, `unavailable` where too much of all does, or for too long. */
  run<Result>(asker: Asker, work: () => Promise<Result>): Promise<Result> {
    return this.#running < this.#options.atOnce ? this.#start(work) : this.#wait(asker, work);
  }

  async #start<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #wait<Result>(asker: Asker, work: () => Promise<Result>): Promise<Result> {
    const { what, waitMs, waitingAll = WAITING_ALL } = this.#options;
    if (this.#waiting.countOf(asker) >= asker.most) throw tooMany(what);
    if (this.#waiting.size >= waitingAll) throw unavailable(`The database is behind with its ${what}.`);
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        this.#start(work).then(resolve, reject);
      };
      const late = () => {
        this.#waiting.remove(asker, begin);
        reject(unavailable('All connections to the database are busy.'));
      };
      const timer = waitMs === null ? undefined : setTimeout(late, waitMs);
      this.#waiting.add(asker, begin);
    });
  }
}

function tooMany(what: string): BelfryError {
  const message = `Too many ${what} at once. Wait for the answers to those under way.`;
  return new BelfryError('rate_limited', message, { retryAfter: 1 });
}

function unavailable(message: string): BelfryError {
  return new BelfryError('unavailable', `${message} Try again in a moment.`, { retryAfter: 1 });
}
