import type { Core, LogEvent } from '@belfry/core';
import type { ClosingReason, StateReason } from '@belfry/protocol';
import type { HubCounts } from './counts.ts';
import type { StoreObserver } from './head-watch.ts';
import type { TimerWheel } from './timer-wheel.ts';
import type { WriteTurn } from './write-turn.ts';

export interface HubSettings {
  heartbeatMs: number;
  /** The same on streams of runs. */
  runHeartbeatMs: number;
  /** How long a stream lives, ± 20 %. 0: until something else ends it. */
  lifetimeMs: number;
  /** A connection with more than this unsent is closed as `slow`. Bytes. */
  maxBufferedBytes: number;
  /** Streams and polls of this process; more are told `overload`. */
  maxConnections: number;
  /** Memory for recent events, of all tenants together. Bytes. */
  ringBytes: number;
}

export const DEFAULT_SETTINGS: HubSettings = {
  heartbeatMs: 25_000,
  runHeartbeatMs: 5_000,
  lifetimeMs: 15 * 60_000,
  maxBufferedBytes: 1_048_576,
  maxConnections: 100_000,
  ringBytes: 64 * 1_048_576,
};

export interface ConnectionInfo {
  id: string;
  tenant: string;
  /** Null for a service. */
  user: string | null;
  /** The run that it follows; null for the main stream. */
  run: string | null;
}

/** Told of what happens, for logs and metrics. Must not throw. */
export interface HubObserver extends StoreObserver {
  opened?(info: ConnectionInfo, open: number): void;
  /** A main stream goes on after its cursor (null), or begins anew and why. */
  begun?(info: ConnectionInfo, reason: StateReason | null): void;
  /** `reason` is null where the client went. */
  closed?(info: ConnectionInfo, reason: ClosingReason | null, durationMs: number, open: number): void;
  failed?(info: ConnectionInfo, error: unknown): void;
  /**
   * An event goes to those who listen here. `countReaders` counts those who get it; it looks at each, so call it, and
   * at once, only where the number is wanted.
   */
  delivers?(event: LogEvent, countReaders: () => number): void;
}

/** What every connection of a hub shares. */
export interface HubContext {
  core: Core;
  settings: HubSettings;
  observer: HubObserver;
  wheel: TimerWheel;
  turn: WriteTurn;
  counts: HubCounts;
  /** 0 ≤ random() < 1, for jitter. */
  random: () => number;
}
