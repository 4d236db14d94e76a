import { type Core, type LogEvent, type LogTopic, logName } from '@belfry/core';
import { LIMITS } from '@belfry/protocol';
import { AccessCache } from './access-cache.ts';
import type { Bus } from './bus.ts';
import type { HubObserver } from './context.ts';
import { HeadWatch } from './head-watch.ts';
import type { LogFollower } from './log-follower.ts';
import { NewestListeners } from './newest-listeners.ts';
import { RingBudget } from './recent-entries.ts';
import { Room } from './room.ts';
import type { TimerWheel, WheelTimer } from './timer-wheel.ts';

export interface RoomsOptions {
  core: Core;
  bus: Bus;
  observer: HubObserver;
  wheel: TimerWheel;
  /** Memory for recent events, of all rooms together. Bytes. */
  ringBytes: number;
}

/** A bus that does not answer holds up nobody: what it would have said is found by the heads. */
const FOLLOW_PATIENCE_MS = 100;

/** The rooms of this process: one for each log that somebody listens to here, and what tells them what is new. */
export class Rooms {
  readonly #core: Core;
  readonly #bus: Bus;
  readonly #wheel: TimerWheel;
  readonly #budget: RingBudget;
  /** A person has as many runs to follow as there are: all of their streams count together. */
  readonly #runStreams = new NewestListeners(LIMITS.streams);
  readonly #observer: HubObserver;
  readonly access: AccessCache;
  readonly #rooms = new Map<string, Room>();
  readonly #followers = new Map<string, LogFollower>();
  readonly #leaving = new Map<string, WheelTimer>();
  /** Null where nobody else writes to the database. */
  readonly #heads: HeadWatch | null;

  constructor({ core, bus, observer, wheel, ringBytes }: RoomsOptions) {
    this.#core = core;
    this.#bus = bus;
    this.#wheel = wheel;
    this.#observer = observer;
    this.#budget = new RingBudget(ringBytes);
    const followers = () => this.#followers;
    this.access = new AccessCache({
      memberships: core.memberships,
      now: () => core.clock.now(),
      isHeard: (tenant, upTo) => this.#hasHeard(tenant, upTo),
    });
    this.#heads = core.store.shared ? new HeadWatch({ store: core.store, observer, followers }) : null;
    bus.listen({
      onEvents: (events) => this.deliver(events),
      onWake: (topic, n) => this.#followers.get(logName(topic))?.hint(n),
      onReconnect: () => this.#heads?.askNow(),
    });
  }

  /** How many of tenants, and of runs. */
  get counts(): { tenants: number; runs: number } {
    const runs = [...this.#rooms.values()].filter(({ topic }) => topic.run !== undefined).length;
    return { tenants: this.#rooms.size - runs, runs };
  }

  /** The last position handed on; null where nobody follows the tenant here. */
  reachedOf(tenant: string): number | null {
    const follower = this.#followers.get(tenant);
    return follower?.isFollowing ? follower.head.n : null;
  }

  #hasHeard(tenant: string, upTo: number): boolean {
    const follower = this.#followers.get(tenant);
    return follower?.isCurrent === true && follower.head.n >= upTo;
  }

  /** What was committed, here or elsewhere, in any order and number. */
  deliver(events: readonly LogEvent[]): void {
    for (let from = 0; from < events.length; ) {
      const log = logName(events[from] as LogEvent);
      let end = from + 1;
      while (end < events.length && logName(events[end] as LogEvent) === log) end += 1;
      deliverTo(this.#followers.get(log), events.slice(from, end));
      from = end;
    }
  }

  enter(topic: LogTopic): Room {
    const log = logName(topic);
    const timer = this.#leaving.get(log);
    if (timer !== undefined) {
      this.#wheel.cancel(timer);
      this.#leaving.delete(log);
    }
    return this.#rooms.get(log) ?? this.#make(topic);
  }

  /** For who is turned away: nothing is followed for them. */
  lobby(topic: LogTopic): Room {
    return new Room(this.#optionsOf(topic));
  }

  /** An empty room stays for a moment: whoever left last is often whoever comes next. */
  leaveSoon(room: Room, lingerMs: number): void {
    if (!room.isEmpty || this.#leaving.has(room.log) || this.#rooms.get(room.log) !== room) return;
    const timer: WheelTimer = { tick: -1, fire: () => this.#leave(room) };
    this.#leaving.set(room.log, timer);
    this.#wheel.schedule(timer, lingerMs);
  }

  close(): void {
    this.#heads?.stop();
    for (const room of this.#rooms.values()) this.#drop(room);
    this.#leaving.clear();
  }

  #optionsOf(topic: LogTopic) {
    const shared = { core: this.#core, topic, budget: this.#budget, observer: this.#observer };
    if (topic.run === undefined)
      return { ...shared, streams: new NewestListeners(LIMITS.streams), access: this.access };
    return { ...shared, streams: this.#runStreams, access: null, governor: () => this.#followers.get(topic.tenant) };
  }

  #make(topic: LogTopic): Room {
    const heard = atMost(this.#bus.follow(topic), FOLLOW_PATIENCE_MS);
    const room = new Room(this.#optionsOf(topic), heard);
    this.#rooms.set(room.log, room);
    this.#followers.set(room.log, room.follower);
    this.#heads?.start();
    return room;
  }

  #leave(room: Room): void {
    this.#leaving.delete(room.log);
    if (room.isEmpty) this.#drop(room);
  }

  #drop({ topic, log, follower }: Room): void {
    this.#rooms.delete(log);
    this.#followers.delete(log);
    this.#bus.unfollow(topic);
    if (topic.run === undefined) this.access.forget(topic.tenant);
    follower.stop();
  }
}

/** Of one log, one after the other. */
function deliverTo(follower: LogFollower | undefined, events: readonly LogEvent[]): void {
  if (follower === undefined) return;
  const known = events.filter(({ run, after }) => run === undefined || after !== undefined);
  follower.announceAll(known);
  // A process of an earlier version does not say what it comes after. The store does.
  if (known.length < events.length) follower.hint(events.at(-1)?.n ?? 0);
}

async function atMost(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
