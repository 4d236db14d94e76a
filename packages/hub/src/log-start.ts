import type { ArtifactLinks, LogEvent } from '@belfry/core';
import type { Position } from '@belfry/protocol';
import type { GovernorWait } from './governor-wait.ts';
import type { LogReader } from './log-reader.ts';

/** Where a log ends, and what is remembered of what comes before. */
export interface LogTail {
  head: Position;
  events: LogEvent[];
}

export interface LogStartOptions {
  reader: LogReader;
  governor: GovernorWait;
  links?: ArtifactLinks | undefined;
  heard?: Promise<void> | undefined;
  /** From here on the log is followed. */
  begin: (tail: LogTail) => void;
  retryMs: number;
}

/** How a follower begins, and begins anew where its log is not the one it was. */
export class LogStart {
  readonly #options: LogStartOptions;
  #starting: Promise<void> | null = null;
  #again: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: LogStartOptions) {
    this.#options = options;
  }

  /** Once for everyone who waits. Fails as the store does; call it again. */
  start(): Promise<void> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  /** As if it had never begun, and as often as it takes. */
  restart(): void {
    this.#starting = null;
    this.#startSoon();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#again !== null) clearTimeout(this.#again);
  }

  /** What is announced is heard before the tail is read: nothing falls in between. */
  async #start(): Promise<void> {
    const { reader, governor, links, heard, begin } = this.#options;
    if (links !== undefined) await links.ready();
    if (heard !== undefined) await heard;
    const tail = await reader.tail();
    const last = tail.events.at(-1);
    for (let wait = governor.before(last); wait !== null; wait = governor.before(last)) await wait;
    if (!this.#stopped) begin(tail);
  }

  #startSoon(): void {
    void this.start().catch(() => {
      if (!this.#stopped) this.#again = setTimeout(() => this.#startSoon(), this.#options.retryMs);
    });
  }
}
