import { type BusCounters, type BusObserver, noCounts } from '@belfry/hub';

/** What can be amiss, each by itself: no connection, a log that may not be followed, a message that may not be sent. */
export type Trouble = 'connection' | 'following' | 'sending';

/** What is counted, and told: an outage once when it begins and once when it ends, however often it is tried between. */
export class Outage {
  readonly counters: BusCounters = noCounts();
  readonly #observer: BusObserver;
  readonly #troubles = new Set<Trouble>();
  #since = 0;

  constructor(observer: BusObserver) {
    this.#observer = observer;
  }

  get isOn(): boolean {
    return this.#troubles.size > 0;
  }

  lost(reason: string, trouble: Trouble = 'connection'): void {
    const isNew = this.#troubles.size === 0;
    this.#troubles.add(trouble);
    if (!isNew) return;
    this.#since = performance.now();
    this.#observer.busLost?.(reason);
  }

  back(trouble: Trouble = 'connection'): void {
    if (!this.#troubles.delete(trouble) || this.#troubles.size > 0) return;
    this.counters.reconnects += 1;
    this.#observer.busBack?.(Math.round(performance.now() - this.#since), this.counters);
  }
}
