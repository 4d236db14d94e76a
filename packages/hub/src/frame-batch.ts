/**
 * The frames one socket gets in one turn of the event loop. Sockets that get the same frames in the same order share
 * the same batch, so a broadcast of 64 messages to 1,000 sockets is joined once and written 1,000 times.
 */
export class FrameBatch {
  /** Where every socket starts a turn. */
  static root(): FrameBatch {
    return new FrameBatch(null, EMPTY, 0);
  }

  readonly #before: FrameBatch | null;
  readonly #frame: Uint8Array;
  readonly length: number;
  #joined: Uint8Array | null = null;
  /** The most frequent next step, and the others where there are any. */
  #next: FrameBatch | null = null;
  #others: Map<Uint8Array, FrameBatch> | null = null;

  private constructor(before: FrameBatch | null, frame: Uint8Array, length: number) {
    this.#before = before;
    this.#frame = frame;
    this.length = length;
  }

  /** This batch and one frame more: the same object for everyone who adds the same frame to it. */
  with(frame: Uint8Array): FrameBatch {
    if (this.#next === null) {
      this.#next = this.#child(frame);
      return this.#next;
    }
    if (this.#next.#frame === frame) return this.#next;
    this.#others ??= new Map();
    let other = this.#others.get(frame);
    if (other === undefined) {
      other = this.#child(frame);
      this.#others.set(frame, other);
    }
    return other;
  }

  /** All of its frames in order, as one piece, joined at most once. */
  bytes(): Uint8Array {
    this.#joined ??= this.#join();
    return this.#joined;
  }

  #child(frame: Uint8Array): FrameBatch {
    return new FrameBatch(this, frame, this.length + frame.length);
  }

  #join(): Uint8Array {
    if (this.#before === null || this.#before.length === 0) return this.#frame;
    const joined = Buffer.allocUnsafe(this.length);
    let end = this.length;
    for (let batch: FrameBatch | null = this; batch !== null; batch = batch.#before) {
      end -= batch.#frame.length;
      joined.set(batch.#frame, end);
    }
    return joined;
  }
}

const EMPTY = new Uint8Array(0);
