import { type BusCounters, type BusObserver, noCounts } from '@belfry/hub';

/** What is counted, and told: an outage once when it begins and once when it ends, however often it is tried between. */
export class Outage {
  readonly counters: BusCounters = noCounts();
  readonly #observer: BusObserver;
  #since: number | null = null;

  constructor(observer: BusObserver) {
    this.#observer = observer;
  }

  lost(reason: string): void {
    if (this.#since !== null) return;
    this.#since = performance.now();
    this.#observer.busLost?.(reason);
  }

  back(): void {
    if (this.#since === null) return;
    const awayMs = Math.round(performance.now() - this.#since);
    this.#since = null;
    this.counters.reconnects += 1;
    this.#observer.busBack?.(awayMs, this.counters);
  }
}
