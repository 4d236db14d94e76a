/** Node's shortest timer. */
const TICK_MS = 1;

/** Says when messages are due: so many a second by the clock, whatever becomes of those before. */
export class Pace {
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(perSecond: number) {
    this.#everyMs = 1_000 / perSecond;
  }

  /** Calls `due` for each, as soon after its time as a timer can, until it is stopped. */
  start(due: (now: number) => void): void {
    const begun = performance.now();
    let count = 0;
    this.#timer = setInterval(() => {
      const now = performance.now();
      for (; begun + count * this.#everyMs <= now; count += 1) due(now);
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
