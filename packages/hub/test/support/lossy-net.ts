import type { LogEvent } from '@belfry/core';
import { type Bus, type BusListener, noCounts, type Topic } from '../../src/index.ts';

/** How often, from 0 to 1, a message is lost, said twice, or turned into a wake-up; and how late it may come. */
export interface Faults {
  lost: number;
  doubled: number;
  woken: number;
  lateMs: number;
}

export const FAITHFUL: Faults = { lost: 0, doubled: 0, woken: 0, lateMs: 0 };

/** Connects buses in memory as badly as it is told to. */
export class LossyNet {
  faults: Faults;
  readonly #random: () => number;
  readonly #members: NetBus[] = [];
  readonly #late = new Set<NodeJS.Timeout>();

  constructor(faults: Faults = FAITHFUL, random: () => number = Math.random) {
    this.faults = faults;
    this.#random = random;
  }

  join(): NetBus {
    const member = new NetBus((from, event) => this.#carry(from, event));
    this.#members.push(member);
    return member;
  }

  close(): void {
    for (const timer of this.#late) clearTimeout(timer);
  }

  #carry(from: NetBus, event: LogEvent): void {
    for (const to of this.#members) {
      if (to === from || this.#random() < this.faults.lost) continue;
      const times = this.#random() < this.faults.doubled ? 2 : 1;
      for (let time = 0; time < times; time += 1) this.#say(to, event);
    }
  }

  #say(to: NetBus, event: LogEvent): void {
    const isWake = this.#random() < this.faults.woken;
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      to.hear(event, isWake);
    }, this.#random() * this.faults.lateMs);
    this.#late.add(timer);
  }
}

export class NetBus implements Bus {
  readonly counters = noCounts();
  readonly followed = new Set<string>();
  /** What it hears of an event, and how: nothing by null. */
  hears: (event: LogEvent) => LogEvent | null = (event) => event;
  /** What `follow` waits for. */
  following: () => Promise<void> = () => Promise.resolve();
  readonly #say: (from: NetBus, event: LogEvent) => void;
  #listener: BusListener | null = null;

  constructor(say: (from: NetBus, event: LogEvent) => void) {
    this.#say = say;
  }

  listen(listener: BusListener): void {
    this.#listener = listener;
  }

  async follow({ tenant }: Topic): Promise<void> {
    this.followed.add(tenant);
    await this.following();
  }

  unfollow({ tenant }: Topic): void {
    this.followed.delete(tenant);
  }

  publish(events: readonly LogEvent[]): void {
    for (const event of events) this.#say(this, event);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  hear(said: LogEvent, isWake: boolean): void {
    const event = this.hears(said);
    if (event === null || !this.followed.has(event.tenant)) return;
    if (isWake) this.#listener?.onWake(event, event.n);
    else this.#listener?.onEvents([event]);
  }

  reconnect(): void {
    this.#listener?.onReconnect();
  }
}
