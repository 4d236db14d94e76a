import type { Bus, BusObserver } from '@belfry/hub';

/** A real engine that a suite has started for itself. */
export interface Engine {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
  dispose(): Promise<void>;
}

export interface MemberOptions {
  place: string;
  observer: BusObserver;
  probeMs: number;
}

/** What a driver's caller gives the suites. */
export interface BusHarness {
  engine(): Promise<Engine>;
  open(url: string, options: MemberOptions): Promise<Bus>;
  /** Whether others get the events themselves; else they are woken to read them. */
  carriesEvents: boolean;
  /** Whether a proxy can stand before it. A Cluster says itself where its nodes are. */
  takesProxies: boolean;
}

/** The engine that the tests of a suite share. */
export type SharedEngine = () => Engine;
