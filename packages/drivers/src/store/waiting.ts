import { BelfryError } from '@belfry/protocol';
import { FairQueue, type Owner } from './fair-queue.ts';

/** So that a database that stands still can't fill the memory. */
const WAITING_ALL = 20_000;

/** Who asks, and how much of theirs may wait. */
export interface Asker extends Owner {
  most: number;
}

export interface WaitingOptions {
  /** What is waited for, as in "Too many reads at once". */
  what: string;
  /** How long each may wait. Null: until it is its turn. */
  waitMs: number | null;
  waitingAll?: number;
}

/** What becomes of one that waits. */
export interface Waiter {
  begin(): void;
  /** It has waited for too long. */
  refuse(error: BelfryError): void;
}

interface Place {
  waiter: Waiter;
  timer: NodeJS.Timeout | undefined;
}

/** What waits for its turn, fair by tenant and by who asks: so much of each and of all, and so long. */
export class Waiting {
  readonly #options: WaitingOptions;
  readonly #queue = new FairQueue<Place>();

  constructor(options: WaitingOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#queue.size;
  }

  /** @throws BelfryError `rate_limited` where too much of the asker's waits, `unavailable` where too much of all does. */
  add(asker: Asker, waiter: Waiter): void {
    const { what, waitMs, waitingAll = WAITING_ALL } = this.#options;
    if (this.#queue.countOf(asker) >= asker.most) throw tooMany(what);
    if (this.#queue.size >= waitingAll) throw unavailable(`The database is behind with its ${what}.`);
    const place: Place = { waiter, timer: undefined };
    const late = () => {
      this.#queue.remove(asker, place);
      waiter.refuse(unavailable('All connections to the database are busy.'));
    };
    if (waitMs !== null) place.timer = setTimeout(late, waitMs);
    this.#queue.add(asker, place);
  }

  beginNext(): void {
    const next = this.#queue.shift();
    if (next !== undefined) begin(next);
  }

  /** So many together, one of each asker at most. */
  beginTogether(most: number): void {
    for (const next of this.#queue.take(most)) begin(next);
  }
}

function begin({ waiter, timer }: Place): void {
  clearTimeout(timer);
  waiter.begin();
}

function tooMany(what: string): BelfryError {
  const message = `Too many ${what} at once. Wait for the answers to those under way.`;
  return new BelfryError('rate_limited', message, { retryAfter: 1 });
}

function unavailable(message: string): BelfryError {
  return new BelfryError('unavailable', `${message} Try again in a moment.`, { retryAfter: 1 });
}
