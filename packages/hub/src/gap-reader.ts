import type { LogEvent } from '@belfry/core';
import type { InOrder } from './in-order.ts';
import type { LogReader } from './log-reader.ts';

export interface GapReaderOptions {
  reader: LogReader;
  inOrder: InOrder;
  /** The log is not the one that was handed on. */
  onAnother: () => void;
  /** Events are gone for good before they were read: they are passed over. */
  onPassedOver: () => void;
}

/** Reads what was not announced of a log, and puts it where it belongs. */
export class GapReader {
  readonly #options: GapReaderOptions;
  #stopped = false;

  constructor(options: GapReaderOptions) {
    this.#options = options;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** All before the furthest that is known of, page by page. What is left then is for later, or for soon. */
  async read(): Promise<'later' | 'soon'> {
    const { inOrder, reader, onAnother } = this.#options;
    while (!this.#stopped && inOrder.isMissing) {
      const { head } = inOrder;
      const events = await reader.pageFollowing(head, inOrder.furthest);
      // It was stopped, or started anew and is no longer where it was.
      if (this.#stopped || !inOrder.isOpen || inOrder.head.n < head.n) break;
      if (events === null) {
        onAnother();
        break;
      }
      // It was announced and is not in the log yet.
      if (!events.some(({ n }) => n > head.n)) {
        inOrder.confirmed();
        return 'later';
      }
      this.#takeIn(events);
    }
    return 'soon';
  }

  #takeIn(events: readonly LogEvent[]): void {
    const { inOrder, onPassedOver } = this.#options;
    inOrder.trust();
    const first = events.find(({ n }) => n > inOrder.head.n);
    if (first !== undefined && first.n > inOrder.head.n + 1) {
      inOrder.skipTo(first);
      onPassedOver();
    }
    for (const [at, event] of events.entries()) {
      const before = events[at - 1];
      inOrder.announce(before === undefined ? event : { ...event, follows: before.check });
    }
  }
}
