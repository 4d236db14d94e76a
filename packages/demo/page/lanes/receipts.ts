/** Far more than the messages that are counted. */
const MOST = 5_000;

interface Receipt {
  count: number;
  /** When it came first, in milliseconds since 1970. */
  at: number;
  /** A higher number had come before. */
  late: boolean;
}

/** How often, when and in which order the numbers came. */
export class Receipts {
  readonly #receipts = new Map<number, Receipt>();
  #highest = 0;

  count(seq: number): number {
    return this.#receipts.get(seq)?.count ?? 0;
  }

  /** When it came first; null where it has not. */
  at(seq: number): number | null {
    return this.#receipts.get(seq)?.at ?? null;
  }

  cameLate(seq: number): boolean {
    return this.#receipts.get(seq)?.late === true;
  }

  /** It was handed over. Again is once too often. */
  note(seq: number, now: number = Date.now()): void {
    const known = this.#receipts.get(seq);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    this.#receipts.set(seq, { count: 1, at: now, late: seq < this.#highest });
    this.#highest = Math.max(this.#highest, seq);
    if (this.#receipts.size > MOST) this.#receipts.delete(this.#receipts.keys().next().value as number);
  }

  /** These are there, oldest first. `state` replaces what was held, so being there again doubles nothing. */
  noteHeld(seqs: readonly number[], now: number = Date.now()): void {
    for (const seq of seqs) if (this.count(seq) === 0) this.note(seq, now);
  }
}
