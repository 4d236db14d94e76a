const SMALL = 1_024;
const TOGETHER = 256;

/** A body as it comes. Small pieces are put together, since one that comes by the byte would take a hundred for each. */
export class BodyPieces {
  readonly #pieces: Uint8Array[] = [];
  #small: Uint8Array[] = [];
  #size = 0;

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** How many pieces are kept. */
  get count(): number {
    return this.#pieces.length + this.#small.length;
  }

  add(piece: Uint8Array): void {
    this.#size += piece.length;
    this.#small.push(piece);
    if (piece.length > SMALL || this.#small.length >= TOGETHER) this.#gather();
  }

  whole(): Buffer {
    const pieces = [...this.#pieces, ...this.#small];
    // Most bodies come in one.
    return pieces.length === 1 && Buffer.isBuffer(pieces[0]) ? pieces[0] : Buffer.concat(pieces, this.#size);
  }

  #gather(): void {
    this.#pieces.push(...(this.#small.length > 1 ? [Buffer.concat(this.#small)] : this.#small));
    this.#small = [];
  }
}
