import { BelfryError } from '@belfry/protocol';
import type { BodyBudget } from './body-budget.ts';
import { BodyPieces } from './body-pieces.ts';

/** A body that is being read, within its own limit and the share that all bodies have together. */
export class BodyInParts {
  readonly #limit: number;
  readonly #budget: BodyBudget;
  readonly #pieces = new BodyPieces();

  constructor(limit: number, budget: BodyBudget) {
    this.#limit = limit;
    this.#budget = budget;
  }

  /** @throws BelfryError `too_large`; `unavailable` where bodies that are being read fill their share. */
  add(piece: Uint8Array): void {
    if (this.#pieces.size + piece.length > this.#limit) throw tooLarge(this.#limit);
    this.#budget.take(piece.length);
    this.#pieces.add(piece);
  }

  whole(): Buffer {
    return this.#pieces.whole();
  }

  /** Once, when it has ended or failed: its bytes no longer count as unfinished. */
  release(): void {
    this.#budget.give(this.#pieces.size);
  }
}

export function tooLarge(limit: number): BelfryError {
  return new BelfryError('too_large', `The body is too large: at most ${limit.toLocaleString('en')} bytes.`, {
    field: 'body',
  });
}

export function brokenOff(cause: unknown): BelfryError {
  return new BelfryError('invalid', 'The body ended before it was complete.', { field: 'body', cause });
}
