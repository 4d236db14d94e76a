/** Something that changes, and who wants to know. */
export class Signal {
  readonly #listeners = new Set<() => void>();

  /** Calls `listener` now and after each change. */
  watch(listener: () => void): void {
    this.#listeners.add(listener);
    listener();
  }

  protected changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
