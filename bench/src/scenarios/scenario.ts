import type { Address, Peer, Wire } from '../peers/peer.ts';

/** How much of everything. */
export interface Settings {
  seconds: number;
  warmup: number;
  subscribers: number;
  /** Of the idle scenario. */
  connections: number;
  inFlight: number;
  batchSize: number;
}

/** What a scenario works with, inside the generator. */
export interface Ground {
  settings: Settings;
  wire: Wire;
  address: Address;
  serverPid: number;
  /** Tells the main process where it stands, and waits for it: that is when profilers start and stop. */
  phase: (phase: Phase) => Promise<void>;
}

/** `collect`: have the server's garbage collected, where it can be asked to. */
export type Phase = 'measuring' | 'measured' | 'collect';

/** What one round measured, by the metrics' keys. */
export type Figures = Record<string, number>;

export interface Metric {
  key: string;
  label: string;
  digits: number;
  /** Null where it only explains the others. */
  better: 'higher' | 'lower' | null;
}

export interface Scenario {
  readonly name: string;
  readonly about: (settings: Settings) => string;
  /** In flight, unless asked otherwise: one run each. */
  readonly inFlight: readonly number[];
  /** Rounds of it, where fewer than usual will do. */
  readonly mostRounds?: number;
  readonly fits: (peer: Peer) => boolean;
  readonly metrics: readonly Metric[];
  readonly run: (ground: Ground) => Promise<Figures>;
}
