/** One wake-up on the wheel. Reused by its owner: at most one is pending. */
export interface WheelTimer {
  /** The tick it is due at; -1 where it is not on the wheel. */
  tick: number;
  fire(): void;
}

const TICK_MS = 50;

/** One interval for all heartbeats and lifetimes, however many connections there are. Never early, and late by about 50 ms. */
export class TimerWheel {
  readonly #now: () => number;
  readonly #slots = new Map<number, Set<WheelTimer>>();
  #interval: NodeJS.Timeout | null = null;
  #reached: number;

  /** @param now a clock in milliseconds that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#reached = this.#tickNow();
  }

  schedule(timer: WheelTimer, afterMs: number): void {
    if (timer.tick !== -1) this.cancel(timer);
    if (this.#slots.size === 0) this.#reached = this.#tickNow();
    timer.tick = Math.max(this.#reached + 1, Math.ceil((this.#now() + afterMs) / TICK_MS));
    const slot = this.#slots.get(timer.tick);
    if (slot === undefined) this.#slots.set(timer.tick, new Set([timer]));
    else slot.add(timer);
    this.#interval ??= setInterval(() => this.#turn(), TICK_MS);
  }

  cancel(timer: WheelTimer): void {
    const slot = this.#slots.get(timer.tick);
    if (slot?.delete(timer) && slot.size === 0) this.#slots.delete(timer.tick);
    timer.tick = -1;
    this.#stopWhenEmpty();
  }

  /** Forgets all that is scheduled. */
  clear(): void {
    this.#slots.clear();
    this.#stopWhenEmpty();
  }

  #turn(): void {
    const tick = this.#tickNow();
    while (this.#reached < tick) {
      this.#reached += 1;
      this.#fireSlot(this.#reached);
    }
    this.#stopWhenEmpty();
  }

  #fireSlot(tick: number): void {
    const slot = this.#slots.get(tick);
    if (slot === undefined) return;
    this.#slots.delete(tick);
    for (const timer of slot) {
      // One fired before may have cancelled or moved it.
      if (timer.tick !== tick) continue;
      timer.tick = -1;
      timer.fire();
    }
  }

  #stopWhenEmpty(): void {
    if (this.#slots.size > 0 || this.#interval === null) return;
    clearInterval(this.#interval);
    this.#interval = null;
  }

  #tickNow(): number {
    return Math.floor(this.#now() / TICK_MS);
  }
}
