import type { LogEvent } from '@belfry/core';
import type { Bus } from '@belfry/hub';
import type { BusHarness } from './harness.ts';

const PATIENCE_MS = 30_000;
const PROBE_MS = 60_000;

export interface Opened {
  place?: string;
  probeMs?: number;
}

/** One process's end of a bus, with all that it has heard. */
export class Member {
  readonly bus: Bus;
  /** Numbers by tenant, in the order in which they were heard of: of each event, or of each wake-up. */
  readonly heard = new Map<string, number[]>();
  readonly events: LogEvent[] = [];
  /** What was told: `lost`, `back`, and `reconnect` for what the hub is told. */
  readonly told: string[] = [];
  readonly reasons: string[] = [];
  #watchers = new Set<() => void>();

  static async open(harness: Pick<BusHarness, 'open'>, url: string, opened: Opened = {}): Promise<Member> {
    let member: Member | null = null;
    const observer = {
      busLost: (reason: string) => {
        member?.reasons.push(reason);
        member?.tell('lost');
      },
      busBack: () => member?.tell('back'),
    };
    const { place = 'e1', probeMs = PROBE_MS } = opened;
    member = new Member(await harness.open(url, { place, observer, probeMs }));
    return member;
  }

  private constructor(bus: Bus) {
    this.bus = bus;
    bus.listen({
      onEvents: (events) => {
        this.events.push(...events);
        for (const { tenant, n } of events) this.#hear(tenant, n);
      },
      onWake: ({ tenant }, n) => this.#hear(tenant, n),
      onReconnect: () => this.tell('reconnect'),
    });
  }

  publish(tenant: string, ...numbers: number[]): void {
    this.bus.publish(numbers.map((n) => event(tenant, n)));
  }

  tell(what: string): void {
    this.told.push(what);
    this.#look();
  }

  numbers(tenant: string): number[] {
    return this.heard.get(tenant) ?? [];
  }

  /** Resolves when everything up to `n` has been heard of. */
  hears(tenant: string, n: number): Promise<void> {
    return this.until(() => this.numbers(tenant).includes(n), `${tenant} up to ${n}`);
  }

  until(isSo: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`It never came to ${what}. It was told: ${this.told.join(', ')}.`));
      }, PATIENCE_MS);
      const look = () => {
        if (!isSo()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #hear(tenant: string, n: number): void {
    this.heard.set(tenant, [...this.numbers(tenant), n]);
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}

export function event(tenant: string, n: number, data = '{}'): LogEvent {
  return {
    tenant,
    n,
    check: `c${n}`,
    type: 'app.thing',
    time: '2026-01-01T00:00:00.000Z',
    to: ['topic:a/b', 'all'],
    data,
  };
}

let tenants = 0;

/** No two tests share one. */
export function newTenant(): string {
  tenants += 1;
  return `t${tenants}`;
}
