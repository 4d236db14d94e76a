import { Signal } from './signal.ts';

const TICK_MS = 500;

/** Whenever one of several has changed, and twice a second: what is on its way is lost in the end. */
export class Changes extends Signal {
  #told = false;

  constructor(sources: readonly Signal[]) {
    super();
    for (const source of sources) source.watch(() => this.#tellSoon());
    setInterval(() => this.changed(), TICK_MS);
  }

  /** Once for all that changes in one turn. */
  #tellSoon(): void {
    if (this.#told) return;
    this.#told = true;
    queueMicrotask(() => {
      this.#told = false;
      this.changed();
    });
  }
}
