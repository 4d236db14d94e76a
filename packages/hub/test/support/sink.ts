import type { Sink } from '../../src/index.ts';

/** Below this a sink calls itself drained, as a socket does below its high-water mark. Bytes. */
const LOW = 16_384;

/** A sink in memory whose reader takes everything at once, or only what the test lets it take. */
export class ScriptedSink implements Sink {
  /** Every piece, as the object that was handed over. */
  readonly writes: Uint8Array[] = [];
  mostBuffered = 0;
  isEnded = false;
  isDestroyed = false;
  readonly #onBytes: (bytes: Uint8Array) => void;
  readonly #onClosed: () => void;
  #reading = true;
  #held: Uint8Array[] = [];
  #buffered = 0;
  #waiting: (() => void)[] = [];
  #closed = false;

  constructor(onBytes: (bytes: Uint8Array) => void, onClosed: () => void) {
    this.#onBytes = onBytes;
    this.#onClosed = onClosed;
  }

  get buffered(): number {
    return this.#buffered;
  }

  write(bytes: Uint8Array): number {
    if (this.isEnded || this.isDestroyed) throw new Error('Written to after its end.');
    this.writes.push(bytes);
    if (this.#reading) {
      this.#onBytes(bytes);
      return bytes.length;
    }
    this.#held.push(bytes);
    this.#buffered += bytes.length;
    this.mostBuffered = Math.max(this.mostBuffered, this.#buffered);
    return bytes.length;
  }

  get isDrained(): boolean {
    return this.#buffered <= LOW;
  }

  whenDrained(callback: () => void): void {
    if (this.#buffered <= LOW) callback();
    else this.#waiting.push(callback);
  }

  end(): void {
    this.isEnded = true;
    this.#settle();
  }

  destroy(): void {
    this.isDestroyed = true;
    this.#held = [];
    this.#buffered = 0;
    this.#settle();
  }

  /** The reader stops reading. */
  pause(): void {
    this.#reading = false;
  }

  /** The reader takes one piece of what is held. False: there was none. */
  take(): boolean {
    const piece = this.#held.shift();
    if (piece === undefined) return false;
    this.#buffered -= piece.length;
    this.#onBytes(piece);
    this.#settle();
    return true;
  }

  /** The reader reads again, and at once. */
  resume(): void {
    while (this.take());
    this.#reading = true;
  }

  #settle(): void {
    if (this.#buffered <= LOW) for (const callback of this.#waiting.splice(0)) callback();
    if (this.#closed || (!this.isDestroyed && (!this.isEnded || this.#buffered > 0))) return;
    this.#closed = true;
    // As a socket does: it says that it has closed in a later turn.
    setImmediate(this.#onClosed);
  }
}
