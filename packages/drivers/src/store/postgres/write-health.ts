import { BelfryError } from '@belfry/protocol';

/** Whether the database takes writes, as far as the last ones tell. */
export class WriteHealth {
  readonly #probe: () => Promise<void>;
  #isFailing = false;

  /** The probe writes something. */
  constructor(probe: () => Promise<void>) {
    this.#probe = probe;
  }

  /** Lets a write through and notes how it went. A refusal says nothing of the database. */
  async watch<Result>(write: () => Promise<Result>): Promise<Result> {
    try {
      const result = await write();
      this.#isFailing = false;
      return result;
    } catch (error) {
      if (error instanceof BelfryError && error.code === 'unavailable') this.#isFailing = true;
      throw error;
    }
  }

  /**
   * After a failure only a write can tell: nobody sends publishes to a process that is not ready.
   *
   * @throws BelfryError `unavailable` while writes fail.
   */
  async assert(): Promise<void> {
    if (this.#isFailing) await this.watch(this.#probe);
  }
}
