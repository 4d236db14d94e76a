import type { AccessRows, Core, LogEvent, Person, Principal } from '@belfry/core';
import { BelfryError, type ClosingReason, type PollAnswer } from '@belfry/protocol';
import type { Bus, Topic } from './bus.ts';
import { Connection } from './connection.ts';
import { DEFAULT_SETTINGS, type HubContext, type HubObserver, type HubSettings } from './context.ts';
import { type HubCounts, noHubCounts } from './counts.ts';
import { localBus } from './local-bus.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.ts';
import { AccessWatches } from './run/access-watches.ts';
import { RunConnection } from './run/run-connection.ts';
import type { RunStreamRequest } from './run/run-request.ts';
import { serveRun } from './run/serve-run.ts';
import { serve, serveAgain } from './serve.ts';
import type { Sink } from './sink.ts';
import type { StreamRequest } from './stream-request.ts';
import { TimerWheel, type WheelTimer } from './timer-wheel.ts';
import type { Wait } from './wait.ts';
import { Waiters } from './waiters.ts';
import { WriteTurn } from './write-turn.ts';

export interface HubOptions {
  settings?: Partial<HubSettings>;
  observer?: HubObserver;
  /** 0 ≤ random() < 1, for jitter. Tests give a seeded one. */
  random?: () => number;
  /** Connects the processes on one database. Stays the caller's: close it after the hub. Default: there are no others. */
  bus?: Bus;
}

/** From `attach` on. A context is one object for all connections. */
interface Attached {
  context: HubContext;
  /** Its settings are those for streams of runs. */
  runContext: HubContext;
  rooms: Rooms;
  waiters: Waiters;
  /** Of those who follow runs. */
  watches: AccessWatches;
}

export interface OpenStream {
  /** To be called when the peer has closed, however it did. */
  gone(): void;
  close(reason: ClosingReason): void;
}

const ROOM_LINGER_MS = 10_000;

/** Every live connection of this process, by the log that it follows. */
export class Hub {
  readonly #shared: Omit<HubContext, 'core'>;
  readonly #bus: Bus;
  readonly #connections = new Set<Connection>();
  #attached: Attached | null = null;
  #draining = false;
  #onEmpty: (() => void)[] = [];

  constructor(options: HubOptions = {}) {
    const settings = { ...DEFAULT_SETTINGS, ...options.settings };
    this.#shared = {
      settings,
      observer: options.observer ?? {},
      wheel: new TimerWheel(),
      turn: new WriteTurn(),
      counts: noHubCounts(),
      random: options.random ?? Math.random,
    };
    this.#bus = options.bus ?? localBus();
  }

  /** Core announces to the hub and the hub reads from core: the knot is tied here, once, before the first stream. */
  attach(core: Core): void {
    const { settings, observer, wheel } = this.#shared;
    const rooms = new Rooms({ core, bus: this.#bus, observer, wheel, ringBytes: settings.ringBytes });
    const context = { core, ...this.#shared };
    const runContext = { ...context, settings: { ...settings, heartbeatMs: settings.runHeartbeatMs } };
    const leaveSoon = (room: Room) => this.#leaveSoon(room);
    const waiters = new Waiters(context, rooms, leaveSoon);
    const watches = new AccessWatches(core, rooms, leaveSoon);
    this.#attached = { context, runContext, rooms, waiters, watches };
  }

  get settings(): HubSettings {
    return this.#shared.settings;
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  /** Whether a stream that is opened now is told to close, and nothing else. */
  get turnsAway(): boolean {
    return this.#refusal() !== null;
  }

  /** `tenants` and `runs`: those whose logs are followed here. */
  get stats(): { streams: number; polls: number; tenants: number; runs: number } {
    const logs = this.#attached?.rooms.counts ?? { tenants: 0, runs: 0 };
    return { streams: this.#connections.size, polls: this.#waiting, ...logs };
  }

  /** What has been sent since the start. */
  get counts(): Readonly<HubCounts> {
    return this.#shared.counts;
  }

  /** What the readers of all streams together have not taken yet. It looks at each. */
  get unsentBytes(): number {
    let bytes = 0;
    for (const connection of this.#connections) bytes += connection.unsentBytes;
    return bytes;
  }

  get bus(): Pick<Bus, 'counters' | 'isLost'> {
    return this.#bus;
  }

  /** What was committed here: for those who listen here, and for the other processes. */
  announce = (events: readonly LogEvent[]): void => {
    this.#attached?.rooms.deliver(events);
    this.#bus.publish(events);
  };

  /**
   * What the database says about a person's access: from memory where their tenant's log is followed here and has said
   * nothing else since. For a stream that goes on from a number, and meets what it has not been told yet at its own.
   */
  rowsOf(person: Person, from = 0): Promise<AccessRows> {
    return this.#rooms.access.rowsOf(person, from);
  }

  /** The same where it is in memory now; else null. */
  knownRowsOf(person: Person, from = 0): AccessRows | null {
    return this.#rooms.access.knownOf(person, from);
  }

  /** Starts a stream into `sink`. Never throws: what can't be served is told so in the stream, and ended. */
  open(request: StreamRequest, sink: Sink, onGone: () => void = () => {}): OpenStream {
    const context = this.#context;
    const room = this.#roomOf({ tenant: request.principal.tenant });
    const connection = new Connection(context, room, request, sink, () => {
      this.#forget(connection);
      onGone();
    });
    return this.#begin(context, connection, () => void serve(context, connection));
  }

  /** Starts a stream of one run, by which its log is followed. What the caller may see of it is for them to have asked. */
  openRun(request: RunStreamRequest, sink: Sink, onGone: () => void = () => {}): OpenStream {
    const { runContext: context, watches } = this.#requireAttached();
    const { tenant } = request.principal;
    const room = this.#roomOf({ tenant, run: request.run });
    let unwatch = () => {};
    const connection = new RunConnection(context, room, request, sink, () => {
      unwatch();
      this.#forget(connection);
      onGone();
    });
    return this.#begin(context, connection, () => {
      unwatch = watches.add(connection);
      void serveRun(context, connection);
    });
  }

  #roomOf(topic: Topic): Room {
    return this.#refusal() === null ? this.#rooms.enter(topic) : this.#rooms.lobby(topic);
  }

  #begin(context: HubContext, connection: Connection, start: () => void): OpenStream {
    const refusal = this.#refusal();
    connection.serveFrom = (served) => void serveAgain(context, connection, served);
    if (refusal === null) connection.room.join(connection, connection.request);
    this.#connections.add(connection);
    context.observer.opened?.(connection.info, this.#connections.size);
    if (refusal !== null) connection.close(refusal);
    else start();
    return connection;
  }

  /**
   * Answers at once if there is anything after the cursor, else when there is, else after `waitMs`.
   *
   * @throws BelfryError `unavailable` while draining, when full, or without the database.
   */
  async poll(request: StreamRequest, waitMs: number, signal: AbortSignal): Promise<PollAnswer> {
    return this.#waitersWithRoom().poll(request, waitMs, signal);
  }

  /**
   * Looks until it is over, or until `waitMs`, the end of its client or of this process: then what there is.
   *
   * @throws BelfryError `unavailable` as `poll` does, and what the look throws.
   */
  async wait<Value>(wait: Wait<Value>, waitMs: number, signal: AbortSignal): Promise<Value> {
    return this.#waitersWithRoom().wait(wait, waitMs, signal);
  }

  #waitersWithRoom(): Waiters {
    const { waiters } = this.#requireAttached();
    if (this.#refusal() === null) return waiters;
    throw new BelfryError('unavailable', 'This server can take no more listeners right now.', { retryAfter: 2 });
  }

  /** Up to where the live streams of a tenant here have been served; null where nobody listens. */
  reachedOf = (tenant: string): number | null => this.#attached?.rooms.reachedOf(tenant) ?? null;

  /** The API keys that streams and polls of this process were opened with. */
  get keys(): Set<string> {
    const ofStreams = [...this.#connections].map(({ request }) => request.principal);
    const principals = [...ofStreams, ...(this.#attached?.waiters.principals() ?? [])];
    return new Set(principals.flatMap((principal) => (principal.kind === 'service' ? [principal.key] : [])));
  }

  /** Closes the streams and ends the polls of principals that may no longer be here. */
  closeWhere(isGone: (principal: Principal) => boolean, reason: ClosingReason): void {
    for (const connection of this.#connections) if (isGone(connection.request.principal)) connection.close(reason);
    this.#attached?.waiters.closeWhere(isGone);
  }

  /** Closes every stream with `drain`, spread over `ms`, and resolves when the last is gone. New ones are refused. */
  async drain(ms: number): Promise<void> {
    this.#draining = true;
    this.#attached?.waiters.closeWhere(() => true);
    for (const connection of this.#connections) this.#closeWithin(connection, ms);
    if (this.#connections.size > 0) await new Promise<void>((resolve) => this.#onEmpty.push(resolve));
  }

  /** Drops whatever is left and lets go of timers. */
  close(): void {
    this.#draining = true;
    this.#attached?.waiters.closeWhere(() => true);
    for (const connection of this.#connections) connection.destroy();
    this.#attached?.rooms.close();
    this.#shared.wheel.clear();
  }

  get #waiting(): number {
    return this.#attached?.waiters.size ?? 0;
  }

  get #context(): HubContext {
    return this.#requireAttached().context;
  }

  get #rooms(): Rooms {
    return this.#requireAttached().rooms;
  }

  #requireAttached(): Attached {
    if (this.#attached === null) throw new Error('Hub.attach(core) must come before the first stream.');
    return this.#attached;
  }

  #refusal(): 'drain' | 'overload' | null {
    if (this.#draining) return 'drain';
    const open = this.#connections.size + this.#waiting;
    return open >= this.#shared.settings.maxConnections ? 'overload' : null;
  }

  #forget(connection: Connection): void {
    const { room, request } = connection;
    this.#connections.delete(connection);
    room.leave(connection, request);
    this.#leaveSoon(room);
    this.#context.observer.closed?.(connection.info, connection.reason, connection.durationMs, this.#connections.size);
    if (this.#connections.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve();
  }

  #leaveSoon(room: Room): void {
    this.#rooms.leaveSoon(room, this.#draining || room.isOver ? 0 : ROOM_LINGER_MS);
  }

  #closeWithin(connection: Connection, ms: number): void {
    const timer: WheelTimer = { tick: -1, fire: () => connection.close('drain') };
    this.#shared.wheel.schedule(timer, this.#shared.random() * ms);
  }
}
