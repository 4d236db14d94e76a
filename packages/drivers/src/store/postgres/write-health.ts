import type { Committed } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import type { Outcome } from './failures.ts';

/** Whether the database takes writes, as far as the last ones tell. */
export class WriteHealth {
  readonly #probe: () => Promise<void>;
  #isFailing = false;
  #probing: Promise<void> | null = null;

  /** The probe writes something. */
  constructor(probe: () => Promise<void>) {
    this.#probe = probe;
  }

  /** Lets writes through and notes how they went. */
  async watch<Each extends Outcome>(write: () => Promise<Each[]>): Promise<Each[]> {
    try {
      const outcomes = await write();
      const last = outcomes.findLast((outcome) => isFailure(outcome) || hasWritten(outcome));
      if (last !== undefined) this.#isFailing = isFailure(last);
      return outcomes;
    } catch (error) {
      if (isUnavailable(error)) this.#isFailing = true;
      throw error;
    }
  }

  /**
   * After a failure only a write can tell: nobody sends publishes to a process that is not ready. One at a time.
   *
   * @throws BelfryError `unavailable` while writes fail.
   */
  async assert(): Promise<void> {
    if (!this.#isFailing) return;
    this.#probing ??= this.#probeOnce().finally(() => {
      this.#probing = null;
    });
    await this.#probing;
  }

  async #probeOnce(): Promise<void> {
    await this.#probe();
    this.#isFailing = false;
  }
}

/** A refusal says nothing of the database. */
function isFailure(outcome: Outcome): boolean {
  return 'failed' in outcome && isUnavailable(outcome.failed);
}

/** A commit that found nothing to do, as most clean-ups, would go through on a full disk too. */
function hasWritten(outcome: Outcome): boolean {
  return 'ok' in outcome && (outcome.ok as Committed<unknown>).events.length > 0;
}

function isUnavailable(error: unknown): boolean {
  return error instanceof BelfryError && error.code === 'unavailable';
}
