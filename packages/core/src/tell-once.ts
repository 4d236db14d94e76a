/** Told of trouble that nobody waits for. `what` says what it was, and what becomes of it. */
export type OnError = (error: unknown, what: string) => void;

/** Watches work that is done again and again, and tells of a run of failures once: a full disk would fill a log too. */
export class TellOnce {
  readonly #onError: (error: unknown) => void;
  #isFailing = false;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Never rejects. */
  async watch(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#onError(error);
      this.#isFailing = true;
    }
  }
}
