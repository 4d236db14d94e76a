/** Announcements race each other between processes; most of what seems missing arrives within this. */
const PATIENCE_MS = 5;

export interface GapFillOptions {
  /** Whether something is missing. */
  isOpen: () => boolean;
  /** Reads what is missing. What is still missing then is for `soon`, or for `later` where the store has no more yet. */
  read: () => Promise<'soon' | 'later'>;
  /** The store did not answer. It is asked again later. */
  failed: () => void;
  retryMs: number;
}

/** When a follower reads what was not announced to it: one reading at a time, which goes on until nothing is missing. */
export class GapFill {
  readonly #options: GapFillOptions;
  #timer: NodeJS.Timeout | null = null;
  #isReading = false;
  #stopped = false;

  constructor(options: GapFillOptions) {
    this.#options = options;
  }

  /** Overtakes what waits. */
  fillNow(): void {
    if (this.#stopped || this.#isReading) return;
    this.forget();
    void this.#fill();
  }

  /** Unless it comes by itself meanwhile. */
  fillSoon(): void {
    this.#fillAfter(PATIENCE_MS);
  }

  /** What waits to be read is not missed any more. */
  forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  stop(): void {
    this.#stopped = true;
    this.forget();
  }

  #fillAfter(ms: number): void {
    if (this.#stopped || this.#isReading || this.#timer !== null) return;
    this.#timer = setTimeout(() => void this.#fill(), ms);
  }

  async #fill(): Promise<void> {
    const { read, failed, isOpen, retryMs } = this.#options;
    this.#timer = null;
    this.#isReading = true;
    const rest = await read().catch(() => {
      failed();
      return 'later' as const;
    });
    this.#isReading = false;
    if (isOpen()) this.#fillAfter(rest === 'later' ? retryMs : PATIENCE_MS);
  }
}
