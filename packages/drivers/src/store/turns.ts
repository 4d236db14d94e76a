import { type Asker, Waiting, type WaitingOptions } from './waiting.ts';

export type { Asker } from './waiting.ts';

export interface TurnsOptions extends WaitingOptions {
  atOnce: number;
}

/** Lets work through to the engine, some at once; what waits is begun in turns, fair by tenant and by who asks. */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting: Waiting;
  #running = 0;

  constructor({ atOnce, ...options }: TurnsOptions) {
    this.#atOnce = atOnce;
    this.#waiting = new Waiting(options);
  }

  get areAwaited(): boolean {
    return this.#waiting.size > 0;
  }

  /** @throws BelfryError `rate_limited` where too much of the asker's waits, `unavailable` where too much of all does, or for too long. */
  run<Result>(asker: Asker, work: () => Promise<Result>): Promise<Result> {
    return this.#running < this.#atOnce ? this.#start(work) : this.#wait(asker, work);
  }

  async #start<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.beginNext();
    }
  }

  #wait<Result>(asker: Asker, work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(asker, { begin: () => this.#start(work).then(resolve, reject), refuse: reject });
    });
  }
}
