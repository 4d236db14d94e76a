import type { Core, LogEvent } from '@belfry/core';
import type { Bus } from './bus.ts';
import { HeadWatch, type StoreObserver } from './head-watch.ts';
import type { LogFollower } from './log-follower.ts';
import { RingBudget } from './recent-entries.ts';
import { Room } from './room.ts';
import type { TimerWheel, WheelTimer } from './timer-wheel.ts';

export interface RoomsOptions {
  core: Core;
  bus: Bus;
  observer: StoreObserver;
  wheel: TimerWheel;
  /** Memory for recent events, of all rooms together. Bytes. */
  ringBytes: number;
}

/** A bus that does not answer holds up nobody: what it would have said is found by the heads. */
const FOLLOW_PATIENCE_MS = 100;

/** The rooms of this process: one for each tenant that somebody listens to here, and what tells them what is new. */
export class Rooms {
  readonly #core: Core;
  readonly #bus: Bus;
  readonly #wheel: TimerWheel;
  readonly #budget: RingBudget;
  readonly #rooms = new Map<string, Room>();
  readonly #followers = new Map<string, LogFollower>();
  readonly #leaving = new Map<string, WheelTimer>();
  /** Null where nobody else writes to the database. */
  readonly #heads: HeadWatch | null;

  constructor({ core, bus, observer, wheel, ringBytes }: RoomsOptions) {
    this.#core = core;
    this.#bus = bus;
    this.#wheel = wheel;
    this.#budget = new RingBudget(ringBytes);
    const followers = () => this.#followers;
    this.#heads = core.store.shared ? new HeadWatch({ store: core.store, observer, followers }) : null;
    bus.listen({
      onEvents: (events) => this.deliver(events),
      onWake: ({ tenant }, n) => this.#followers.get(tenant)?.hint(n),
      onReconnect: () => this.#heads?.askNow(),
    });
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** The last position handed on; null where nobody follows the tenant here. */
  headOf(tenant: string): number | null {
    const follower = this.#followers.get(tenant);
    return follower?.isFollowing ? follower.head.n : null;
  }

  /** What was committed, here or elsewhere, in any order and number. */
  deliver(events: readonly LogEvent[]): void {
    for (const event of events) this.#followers.get(event.tenant)?.announce(event);
  }

  enter(tenant: string): Room {
    const timer = this.#leaving.get(tenant);
    if (timer !== undefined) {
      this.#wheel.cancel(timer);
      this.#leaving.delete(tenant);
    }
    return this.#rooms.get(tenant) ?? this.#make(tenant);
  }

  /** For who is turned away: nothing is followed for them. */
  lobby(tenant: string): Room {
    return new Room(this.#core, tenant, this.#budget);
  }

  /** An empty room stays for a moment: whoever left last is often whoever comes next. */
  leaveSoon(room: Room, lingerMs: number): void {
    if (!room.isEmpty || this.#leaving.has(room.tenant) || this.#rooms.get(room.tenant) !== room) return;
    const timer: WheelTimer = { tick: -1, fire: () => this.#leave(room) };
    this.#leaving.set(room.tenant, timer);
    this.#wheel.schedule(timer, lingerMs);
  }

  close(): void {
    this.#heads?.stop();
    for (const room of this.#rooms.values()) this.#drop(room);
    this.#leaving.clear();
  }

  #make(tenant: string): Room {
    const heard = atMost(this.#bus.follow({ tenant }), FOLLOW_PATIENCE_MS);
    const room = new Room(this.#core, tenant, this.#budget, heard);
    this.#rooms.set(tenant, room);
    this.#followers.set(tenant, room.follower);
    this.#heads?.start();
    return room;
  }

  #leave(room: Room): void {
    this.#leaving.delete(room.tenant);
    if (room.isEmpty) this.#drop(room);
  }

  #drop({ tenant, follower }: Room): void {
    this.#rooms.delete(tenant);
    this.#followers.delete(tenant);
    this.#bus.unfollow({ tenant });
    follower.stop();
  }
}

async function atMost(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
