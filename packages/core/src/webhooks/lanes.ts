/** Sent at once by one process. */
const ALL = 64;
const EACH = 8;
/** Of all, what webhooks whose last try here failed may take together. The others never wait for those. */
const FAILING = ALL / 2;
/** Webhooks remembered as failing. Those that were removed must not be remembered for ever. */
const MAX_KNOWN = 1_000;

/** What may be claimed now. */
export interface ClaimLimits {
  /** Deliveries in all, and of those that are failing together. */
  limit: number;
  failingLimit: number;
  /** Of one webhook. */
  each: number;
  /** How many more of these, in place of `each`. */
  exceptions: Record<string, number>;
  failing: string[];
}

/**
 * Who is sending how much. An endpoint that hangs holds a place for as long as its time limit, so one that fails is tried
 * with one delivery at a time, and all that fail together have half of the places.
 */
export class Lanes {
  readonly #sending = new Map<string, number>();
  readonly #failing = new Set<string>();
  #total = 0;
  #failingTotal = 0;

  /** Null: every place is taken. */
  claimLimits(): ClaimLimits | null {
    if (this.#total >= ALL) return null;
    const known = [...new Set([...this.#sending.keys(), ...this.#failing])];
    return {
      limit: ALL - this.#total,
      failingLimit: Math.max(0, FAILING - this.#failingTotal),
      each: EACH,
      exceptions: Object.fromEntries(known.map((webhook) => [webhook, this.#placesOf(webhook)])),
      failing: [...this.#failing],
    };
  }

  /** Call what it gives when the try has ended. */
  enter(webhook: string): (failed: boolean) => void {
    const wasFailing = this.#failing.has(webhook);
    this.#count(webhook, 1, wasFailing);
    return (failed) => {
      this.#count(webhook, -1, wasFailing);
      if (failed) this.#fail(webhook);
      else this.#failing.delete(webhook);
    };
  }

  #fail(webhook: string): void {
    if (this.#failing.size >= MAX_KNOWN) this.#failing.clear();
    this.#failing.add(webhook);
  }

  #placesOf(webhook: string): number {
    const most = this.#failing.has(webhook) ? 1 : EACH;
    return Math.max(0, most - (this.#sending.get(webhook) ?? 0));
  }

  #count(webhook: string, change: 1 | -1, isFailing: boolean): void {
    this.#total += change;
    if (isFailing) this.#failingTotal += change;
    const sending = (this.#sending.get(webhook) ?? 0) + change;
    if (sending === 0) this.#sending.delete(webhook);
    else this.#sending.set(webhook, sending);
  }
}
