/** One wake-up on the wheel. Reused by its owner: at most one is pending. */
export interface WheelTimer {
  /** The tick it is due at; -1 where it is not on the wheel. */
  tick: number;
  fire(): void;
}

const TICK_MS = 50;
/** So many that may come early share a tick: what one costs falls no further with more, and others wait meanwhile. */
const MOST_TOGETHER = 128;

/**
 * One timeout for all heartbeats and lifetimes, however many connections there are. Late by about 50 ms, and early only
 * by what is allowed.
 */
export class TimerWheel {
  readonly #now: () => number;
  readonly #slots = new Map<number, Set<WheelTimer>>();
  #timeout: NodeJS.Timeout | null = null;
  /** The tick it is for: to wake up where nothing is due costs as much as some heartbeats. */
  #wakesAt = Number.POSITIVE_INFINITY;
  #reached: number;

  /** @param now a clock in milliseconds that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#reached = this.#tickNow();
  }

  /** @param earlyMs so much sooner is as good, where it can share a tick with others. */
  schedule(timer: WheelTimer, afterMs: number, earlyMs = 0): void {
    if (timer.tick !== -1) this.cancel(timer);
    if (this.#slots.size === 0) this.#reached = this.#tickNow();
    const due = Math.ceil((this.#now() + afterMs) / TICK_MS);
    timer.tick = Math.max(this.#reached + 1, this.#shared(due, Math.floor(earlyMs / TICK_MS)));
    const slot = this.#slots.get(timer.tick);
    if (slot === undefined) this.#slots.set(timer.tick, new Set([timer]));
    else slot.add(timer);
    if (timer.tick < this.#wakesAt) this.#wakeAt(timer.tick);
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

  /** To wake up for one costs more than to see to it: those of some ticks gather in the first that is not full. */
  #shared(due: number, ticks: number): number {
    if (ticks < 2) return due;
    let tick = due - (due % ticks);
    while (tick < due && (this.#slots.get(tick)?.size ?? 0) >= MOST_TOGETHER) tick += 1;
    return tick;
  }

  #turn(): void {
    const tick = this.#tickNow();
    try {
      while (this.#reached < tick) {
        this.#reached += 1;
        this.#fireSlot(this.#reached);
      }
    } finally {
      this.#sleep();
    }
  }

  #sleep(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const tick of this.#slots.keys()) next = Math.min(next, tick);
    if (next < Number.POSITIVE_INFINITY) this.#wakeAt(next);
  }

  /** Where the timeout is early, as its clock stands still during a turn of the loop, the rest is slept after it. */
  #wakeAt(tick: number): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#wakesAt = tick;
    this.#timeout = setTimeout(() => this.#turn(), Math.max(0, tick * TICK_MS - this.#now()) + 1);
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
    if (this.#slots.size > 0 || this.#timeout === null) return;
    clearTimeout(this.#timeout);
    this.#timeout = null;
    this.#wakesAt = Number.POSITIVE_INFINITY;
  }

  #tickNow(): number {
    return Math.floor(this.#now() / TICK_MS);
  }
}
