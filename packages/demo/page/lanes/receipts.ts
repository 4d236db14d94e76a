/** Far more than the messages that are counted. */
const MOST = 5_000;

/** How often each number came. */
export class Receipts {
  readonly #counts = new Map<number, number>();

  count(seq: number): number {
    return this.#counts.get(seq) ?? 0;
  }

  /** It was handed over. Again is once too often. */
  note(seq: number): void {
    this.#counts.set(seq, this.count(seq) + 1);
    if (this.#counts.size > MOST) this.#counts.delete(this.#counts.keys().next().value as number);
  }

  /** It is there. `state` replaces what was held, so being there again doubles nothing. */
  noteHeld(seq: number): void {
    if (this.count(seq) === 0) this.note(seq);
  }
}
