import type { Outage } from './outage.ts';
import { backoffMs } from './patience.ts';

export interface RefusalsOptions {
  outage: Outage;
  /** Asks once more. Resolves when the engine has answered; where it refuses again, `add` is called before. */
  subscribe: (subject: string) => Promise<unknown>;
  /** Called when all that was refused is heard again. */
  onTaken: () => void;
}

/** Subjects that the engine does not let us follow, over a connection that is fine: asked for until it does. */
export class Refusals {
  readonly #options: RefusalsOptions;
  readonly #subjects = new Set<string>();
  #attempts = 0;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: RefusalsOptions) {
    this.#options = options;
  }

  add(subject: string, reason: string): void {
    const { outage } = this.#options;
    outage.counters.refused += 1;
    if (this.#isClosed) return;
    this.#subjects.add(subject);
    outage.lost(reason, 'following');
    this.#timer ??= setTimeout(() => void this.#again(), backoffMs(this.#attempts, Math.random));
  }

  /** It is not to be followed any more. */
  drop(subject: string): void {
    if (this.#subjects.delete(subject) && this.#subjects.size === 0) this.#taken();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
  }

  async #again(): Promise<void> {
    this.#attempts += 1;
    const subjects = [...this.#subjects];
    this.#subjects.clear();
    await Promise.all(subjects.map((subject) => this.#options.subscribe(subject).catch(() => {})));
    this.#timer = null;
    if (this.#isClosed) return;
    if (this.#subjects.size === 0) this.#taken();
    else this.#timer = setTimeout(() => void this.#again(), backoffMs(this.#attempts, Math.random));
  }

  #taken(): void {
    this.#stopTimer();
    this.#attempts = 0;
    this.#options.outage.back('following');
    this.#options.onTaken();
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
