import { Histogram } from './histogram.ts';

/** Messages that can be under way at once; a number's place in all tables is its remainder by this. */
const WINDOW = 1_024;

/** Counts of everything since the start, except the times, which can be begun anew. */
export interface Tally {
  published: number;
  completed: number;
  deliveries: number;
  /** Came to the same subscriber before. */
  doubled: number;
  /** Came to someone it was not for. */
  strays: number;
}

/**
 * Who has received what. A message is under way until each subscriber it is for has it; one that comes twice, or to
 * the wrong one, is counted at once, and one that never comes is still under way at the end.
 */
export class Ledger {
  readonly tally: Tally = { published: 0, completed: 0, deliveries: 0, doubled: 0, strays: 0 };
  /** From before a message was sent to its receipt, of each delivery. */
  times = new Histogram();
  readonly #subscribers: number;
  /** By place, the newest message that each subscriber has had: side by side in memory, as they get it one after the other. */
  readonly #seen: Int32Array;
  readonly #sequences = new Int32Array(WINDOW);
  readonly #outstanding = new Int32Array(WINDOW);
  readonly #targets = new Int32Array(WINDOW);
  readonly #sentAt = new Float64Array(WINDOW);
  readonly #done: (() => void)[] = new Array(WINDOW);
  #last = 0;

  constructor(subscribers: number) {
    this.#subscribers = subscribers;
    this.#seen = new Int32Array(subscribers * WINDOW);
  }

  /** Gives the next message its number. `target` is one subscriber; `all` is every one. */
  open(target: number | 'all', now: number, done: () => void): number {
    do this.#last += 1;
    while (this.#outstanding[this.#last % WINDOW] !== 0);
    const place = this.#last % WINDOW;
    this.#sequences[place] = this.#last;
    this.#outstanding[place] = target === 'all' ? this.#subscribers : 1;
    this.#targets[place] = target === 'all' ? -1 : target;
    this.#sentAt[place] = now;
    this.#done[place] = done;
    this.tally.published += 1;
    return this.#last;
  }

  receive(subscriber: number, sequence: number, now: number): void {
    const place = sequence % WINDOW;
    const seen = place * this.#subscribers + subscriber;
    if ((this.#seen[seen] as number) >= sequence) {
      this.tally.doubled += 1;
      return;
    }
    this.#seen[seen] = sequence;
    const target = this.#targets[place] as number;
    if (this.#sequences[place] !== sequence || (target !== -1 && target !== subscriber)) {
      this.tally.strays += 1;
      return;
    }
    this.tally.deliveries += 1;
    this.times.record((now - (this.#sentAt[place] as number)) * 1_000);
    this.#outstanding[place] = (this.#outstanding[place] as number) - 1;
    if (this.#outstanding[place] === 0) this.#complete(place);
  }

  /** Deliveries that have not come. */
  get missing(): number {
    return this.#outstanding.reduce((sum, count) => sum + count, 0);
  }

  #complete(place: number): void {
    this.tally.completed += 1;
    (this.#done[place] as () => void)();
  }
}
