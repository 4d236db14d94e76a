import type { Sink } from '@belfry/hub';
import { checksumWith, GZIP_OPENING, gzipEnding, gzipPiece } from './gzip-parts.ts';

/** Writes a stream compressed, each piece out at once. */
export class GzipSink implements Sink {
  readonly #inner: Sink;
  #isBegun = false;
  #checksum = 0;
  #length = 0;

  constructor(inner: Sink) {
    this.#inner = inner;
  }

  write(bytes: Uint8Array): number {
    const opening = this.#begin();
    this.#checksum = checksumWith(this.#checksum, bytes);
    this.#length += bytes.length;
    return opening + this.#inner.write(gzipPiece(bytes));
  }

  get buffered(): number {
    return this.#inner.buffered;
  }

  get isDrained(): boolean {
    return this.#inner.isDrained === true;
  }

  whenDrained(callback: () => void): void {
    this.#inner.whenDrained(callback);
  }

  end(): void {
    this.#begin();
    this.#inner.write(gzipEnding(this.#checksum, this.#length));
    this.#inner.end();
  }

  destroy(): void {
    this.#inner.destroy();
  }

  #begin(): number {
    if (this.#isBegun) return 0;
    this.#isBegun = true;
    return this.#inner.write(GZIP_OPENING);
  }
}
