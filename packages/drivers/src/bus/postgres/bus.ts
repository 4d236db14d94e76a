import { type LogEvent, logName } from '@belfry/core';
import type { Bus, BusCounters, BusListener, Topic } from '@belfry/hub';
import type { Outage } from '../outage.ts';
import type { Notifier } from './notifier.ts';
import { decodeWakeUps } from './wake-ups.ts';

export interface PostgresBusParts {
  origin: string;
  outage: Outage;
  notifier: Notifier;
  close: () => Promise<void>;
}

/** Wake-ups only, on one channel that every process of this database listens to: NOTIFY takes no more than 8,000 bytes. */
export class PostgresBus implements Bus {
  readonly #parts: PostgresBusParts;
  readonly #followed = new Map<string, Topic>();
  #listener: BusListener | null = null;

  constructor(parts: PostgresBusParts) {
    this.#parts = parts;
  }

  get counters(): BusCounters {
    return this.#parts.outage.counters;
  }

  get isLost(): boolean {
    return this.#parts.outage.isOn;
  }

  listen(listener: BusListener): void {
    this.#listener = listener;
  }

  follow(topic: Topic): Promise<void> {
    this.#followed.set(logName(topic), topic);
    return Promise.resolve();
  }

  unfollow(topic: Topic): void {
    this.#followed.delete(logName(topic));
  }

  publish(events: readonly LogEvent[]): void {
    this.counters.published += events.length;
    for (const event of events) this.#parts.notifier.add(logName(event), event.n);
  }

  async close(): Promise<void> {
    this.#listener = null;
    await this.#parts.close();
  }

  receive(payload: string): void {
    for (const [log, n] of decodeWakeUps(this.#parts.origin, payload)) {
      const topic = this.#followed.get(log);
      if (topic === undefined) continue;
      this.counters.received += 1;
      this.#listener?.onWake(topic, n);
    }
  }

  reconnected(): void {
    this.#listener?.onReconnect();
  }
}
