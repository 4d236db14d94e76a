/** Clocks are set, and other processes commit and die: however far off the first is said to be, it is looked again after this. */
const AT_LATEST_MS = 800;

/** When to look for what is due: when the first was said to be, once something was committed here, and about every second. */
export class NextLook {
  #changes = -1;
  #at = 0;

  /** @param changes how often something was committed here. */
  isDue(changes: number): boolean {
    return changes !== this.#changes || performance.now() >= this.#at;
  }

  /** @param changes as it was before the look, which may not have seen what came while it was under way. */
  looked(changes: number, nextInMs: number | null): void {
    this.#changes = changes;
    this.#at = performance.now() + Math.min(nextInMs ?? AT_LATEST_MS, AT_LATEST_MS);
  }
}
