import type { Environment, Wake } from '../../src/index.ts';

interface Timer {
  due: number;
  run: () => void;
}

/** Timers, chance and the network's state in the hands of the test. The network itself is real. */
export class ManualEnvironment implements Partial<Environment> {
  time = 1_000_000;
  chance = 0.5;
  /** How far somebody has put the clock forward, or back. */
  putBy = 0;
  networkUp = true;
  readonly reported: unknown[] = [];
  readonly #timers = new Set<Timer>();
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<(wake: Wake) => void>();

  readonly now = (): number => this.time + this.putBy;
  readonly steady = (): number => this.time;
  readonly random = (): number => this.chance;
  readonly isOnline = (): boolean => this.networkUp;
  readonly report = (error: unknown): void => void this.reported.push(error);

  readonly setTimer = (run: () => void, ms: number): (() => void) => {
    const timer = { due: this.time + ms, run };
    this.#timers.add(timer);
    for (const look of [...this.#watchers]) look();
    return () => this.#timers.delete(timer);
  };

  readonly runOverdue = (): void => {
    for (const timer of [...this.#timers]) {
      if (timer.due > this.time || !this.#timers.delete(timer)) continue;
      timer.run();
    }
  };

  readonly onWake = (listener: (wake: Wake) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  wake(wake: Wake): void {
    for (const listener of this.#listeners) listener(wake);
  }

  /** How long each timer still has to go, the next one first. */
  get waits(): number[] {
    return [...this.#timers].map(({ due }) => due - this.time).sort((a, b) => a - b);
  }

  /** Resolves once a timer of this length is set. */
  timer(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.waits.includes(ms)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Lets the timer of this length run, and no time pass for the others. */
  runOnly(ms: number): void {
    const timer = [...this.#timers].find(({ due }) => due - this.time === ms);
    if (timer === undefined) throw new Error(`No timer of ${ms} ms runs; there are ${this.waits}.`);
    this.#timers.delete(timer);
    timer.run();
  }

  /** Lets the next timer run, and only that one. */
  runNext(): void {
    this.advance(this.waits[0] ?? 0);
  }

  /** The clock goes on, the timers do not. */
  sleep(ms: number): void {
    this.time += ms;
    for (const timer of this.#timers) timer.due += ms;
  }

  /** The clock goes on and timers fall due, but run late, as in a hidden tab. */
  lag(ms: number): void {
    this.time += ms;
  }

  advance(ms: number): void {
    const end = this.time + ms;
    while (true) {
      const next = [...this.#timers].sort((a, b) => a.due - b.due)[0];
      if (next === undefined || next.due > end) break;
      this.#timers.delete(next);
      this.time = next.due;
      next.run();
    }
    this.time = end;
  }
}
