/** Something that changes, and who wants to know: what `useSyncExternalStore` takes. */
export class Signal {
  readonly #listeners = new Set<() => void>();
  #changes = 0;

  /** Calls `listener` after each change; the answer ends it. */
  watch = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** How often it has changed. */
  version = (): number => this.#changes;

  protected changed(): void {
    this.#changes += 1;
    for (const listener of this.#listeners) listener();
  }
}
