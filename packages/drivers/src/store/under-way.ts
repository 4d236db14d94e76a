/**
 * Counts what is under way, for who waits for its end. A Set of promises would do, but for V8's collector: each table of a
 * Set or Map that things come into and go out of points to the one it was rewritten to. Once one of them is old, all that
 * passes through is kept, and moved, until the next full collection. That cost more than all other collecting.
 */
export class UnderWay {
  #count = 0;
  #ended: (() => void)[] = [];

  begin(): void {
    this.#count += 1;
  }

  /** Once for each that has begun. */
  end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const ended of this.#ended.splice(0)) ended();
  }

  /** Once nothing is. */
  async none(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#ended.push(resolve));
  }
}
