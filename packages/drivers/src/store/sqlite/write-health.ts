import type { Committed } from '@belfry/core';
import type { Outcome } from './failures.ts';

/** Whether the database takes writes, as far as the last ones tell. */
export class WriteHealth {
  readonly #probe: () => Promise<unknown>;
  #failing = false;
  #probing: Promise<void> | null = null;

  constructor(probe: () => Promise<unknown>) {
    this.#probe = probe;
  }

  /** What a group of commits came to. */
  note(outcomes: readonly Outcome[]): void {
    const last = outcomes.findLast((outcome) => isFailure(outcome) || hasWritten(outcome));
    if (last !== undefined) this.#failing = isFailure(last);
  }

  /** The whole group failed. */
  noteFailure(): void {
    this.#failing = true;
  }

  /**
   * After a failure only a write can tell: nobody sends publishes to a process that is not ready. One at a time.
   *
   * @throws BelfryError `unavailable` while writes fail.
   */
  async assert(): Promise<void> {
    if (!this.#failing) return;
    this.#probing ??= this.#probeOnce().finally(() => {
      this.#probing = null;
    });
    await this.#probing;
  }

  async #probeOnce(): Promise<void> {
    await this.#probe();
    this.#failing = false;
  }
}

/** A refusal says nothing of the database. */
function isFailure(outcome: Outcome): boolean {
  return 'failed' in outcome && outcome.failed.code === 'unavailable';
}

/** A commit that found nothing to do would go through on a full disk too. */
function hasWritten(outcome: Outcome): boolean {
  return 'ok' in outcome && (outcome.ok as Committed<unknown>).events.length > 0;
}
