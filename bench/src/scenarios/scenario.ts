import type { Figures, Settings } from '../figures.ts';
import type { Address, ServiceUrls, Wire } from '../peers/peer.ts';
import type { PlotSpec } from '../plot/spec.ts';
import type { Goal } from './goal.ts';

/** What a scenario works with, inside the generator. */
export interface Ground {
  settings: Settings;
  /** Whose servers they are. */
  peer: string;
  wire: Wire;
  /** What is published goes to the first. Streams are open at the last, which as a rule is the same. */
  servers: readonly ServerAt[];
  services: ServiceUrls;
  /** Tells the main process where it stands, and waits for it: that is when profilers start and stop. */
  phase: (phase: Phase) => Promise<void>;
  ask: (wish: Wish) => Promise<number>;
}

/**
 * What only the main process can do. `queries`: how many the server has asked its database so far. `kill`: ends it
 * without a warning. `start`: starts it again on its port and data, and gives its process id. `grow`: makes its tables
 * four times as large, with rows that are somebody else's.
 */
export type Wish = 'queries' | 'kill' | 'start' | 'grow';

export interface ServerAt extends Address {
  pid: number;
}

/** `collect`: have the server's garbage collected, where it can be asked to. */
export type Phase = 'measuring' | 'measured' | 'collect';

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
  /** In flight, unless asked otherwise: one run each. 0: the scenario has no such number. */
  readonly inFlight: readonly number[];
  /** Rounds of it, where fewer than usual will do. */
  readonly mostRounds?: number;
  /** Names of those it measures. */
  readonly peers: readonly string[];
  /** How many servers form one system. One, unless said. */
  readonly servers?: number;
  /** Each of its servers has a core, the second that of the generator. All are on one, unless said. */
  readonly isSpread?: boolean;
  /** How long one round may take at the most, beside what is set. Ninety seconds, unless said. */
  readonly limitMs?: number;
  /** All that is published goes to everybody. */
  readonly isToAll?: boolean;
  /** `queries`: those of its servers are counted. `none`: servers are started as users start them. */
  readonly looks?: 'none' | 'queries';
  readonly metrics: readonly Metric[];
  /** What the figures should come to. */
  readonly goals?: readonly Goal[];
  /** What is drawn beside the figures. */
  readonly plots?: readonly PlotSpec[];
  readonly run: (ground: Ground) => Promise<Figures>;
}
