import type { LogEvent } from '@belfry/core';

/** Who follows the log that governs another: it says for whom the other is. */
export interface Governor {
  /** Null where everything up to `n` has been handed on, or nobody follows it any more; else resolves when that is so. */
  reach(n: number): Promise<void> | null;
}

/** Keeps the events of a log until the one that governs it has been handed on as far as they say (`LogEvent.after`). */
export class GovernorWait {
  readonly #governor: () => Governor | undefined;
  readonly #passed: () => void;
  #waiting: Promise<void> | null = null;

  /**
   * @param governor undefined where nobody here depends on it: then nothing waits.
   * @param passed called when what was kept may be handed on.
   */
  constructor(governor: () => Governor | undefined, passed: () => void) {
    this.#governor = governor;
    this.#passed = passed;
  }

  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  /** False where this event, or one before it, has to wait: `passed` is called when it may be handed on. */
  lets(event: LogEvent): boolean {
    if (this.#waiting !== null) return false;
    const wait = this.before(event);
    this.#waiting = wait;
    void wait?.then(() => this.#pass(wait));
    return wait === null;
  }

  /** What is to be waited for before this event. */
  before(event: LogEvent | undefined): Promise<void> | null {
    if (event?.after === undefined) return null;
    return this.#governor()?.reach(event.after) ?? null;
  }

  /** What was kept is not to be handed on any more. */
  forget(): void {
    this.#waiting = null;
  }

  #pass(wait: Promise<void>): void {
    if (this.#waiting !== wait) return;
    this.#waiting = null;
    this.#passed();
  }
}
