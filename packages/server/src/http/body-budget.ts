import { BelfryError } from '@belfry/protocol';

/**
 * Bytes of unfinished request bodies: each connection is bounded by the size of a request, and this bounds them all
 * together, however many send slowly.
 */
export class BodyBudget {
  readonly #limit: number;
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws BelfryError `unavailable` where there is no room left. */
  take(bytes: number): void {
    if (this.#held + bytes > this.#limit) throw noRoom();
    this.#held += bytes;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}

/** Of this process. */
export const UNFINISHED_BODIES = new BodyBudget(256 * 1_048_576);

function noRoom(): BelfryError {
  const message = 'Too many requests are being sent at once. Try again in a moment.';
  return new BelfryError('unavailable', message, { retryAfter: 1 });
}
