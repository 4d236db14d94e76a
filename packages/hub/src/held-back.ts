import type { LogEvent } from '@belfry/core';

/** More are dropped: they can be read again. */
const MOST = 2_048;

/** Events that came before those they follow. */
export class HeldBack {
  readonly #events = new Map<number, LogEvent>();

  add(event: LogEvent): void {
    if (this.#events.size < MOST) this.#events.set(event.n, event);
  }

  take(n: number): LogEvent | undefined {
    const event = this.#events.get(n);
    this.#events.delete(n);
    return event;
  }

  dropUpTo(n: number): void {
    for (const held of this.#events.keys()) if (held <= n) this.#events.delete(held);
  }

  dropAfter(n: number): void {
    for (const held of this.#events.keys()) if (held > n) this.#events.delete(held);
  }

  clear(): void {
    this.#events.clear();
  }
}
