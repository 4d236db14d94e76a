/**
 * One turn of a log: its group, and those that are sent behind it meanwhile. It is over with the last of them. No function
 * is made for each: the shape of a turn would keep it, with all of its writes, until V8's next full collection.
 */
export class LogTurn {
  readonly over: Promise<void>;
  readonly #onOver: () => void;
  readonly #resolve: () => void;
  #works = 0;

  /** @param onOver called at once when it is: nothing comes to it any more. */
  constructor(onOver: () => void) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.#onOver = onOver;
    this.#resolve = resolve;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#works += 1;
    try {
      return await work();
    } finally {
      this.#works -= 1;
      if (this.#works === 0) this.#end();
    }
  }

  #end(): void {
    this.#onOver();
    this.#resolve();
  }
}
