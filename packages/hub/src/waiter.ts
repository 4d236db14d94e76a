import type { Listener } from './listener.ts';
import type { LogEntry } from './log-entry.ts';

/** Someone who waits for one answer: they stand in the index as a stream does, until something comes that they want. */
export class Waiter implements Listener {
  readonly #wants: (entry: LogEntry) => boolean;
  #wake: (() => void) | null = null;
  /** Something came while nobody waited: the next wait is over at once. */
  #offered = false;
  #ended = false;

  /** @param wants what it is woken by; all that is offered unless said otherwise. */
  constructor(wants: (entry: LogEntry) => boolean = () => true) {
    this.#wants = wants;
  }

  offer(entry: LogEntry): void {
    if (!this.#wants(entry)) return;
    this.#offered = true;
    this.#wake?.();
  }

  isFor(entry: LogEntry): boolean {
    return !this.#ended && this.#wants(entry);
  }

  /** Ends the wait early: the client went, made room for newer ones, or the process is leaving. */
  close(): void {
    this.#ended = true;
    this.#wake?.();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves when there was an offer since the last wait, at the end of the time, or when it is closed. */
  async next(ms: number): Promise<void> {
    if (!this.#ended && !this.#offered && ms > 0) await this.#woken(ms);
    this.#offered = false;
  }

  #woken(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
