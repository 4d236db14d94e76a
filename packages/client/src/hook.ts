/** Listeners to one thing. What one of them throws keeps nothing from the others. */
export class Hook<Value> {
  readonly #report: (error: unknown) => void;
  readonly #listeners = new Set<(value: Value) => void>();

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** The answer ends it. The same function added twice is called twice. */
  add = (listener: (value: Value) => void): (() => void) => {
    const own = (value: Value): void => listener(value);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  };

  get empty(): boolean {
    return this.#listeners.size === 0;
  }

  call(value: Value): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
