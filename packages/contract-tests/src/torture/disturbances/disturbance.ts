import type { Cluster } from '../cluster/cluster.ts';
import type { Random } from '../random.ts';
import type { GatedFetch } from '../readers/gated-fetch.ts';

/** Where things go wrong. */
export interface Stage {
  cluster: Cluster;
  /** Of the readers that can be made to stop reading. */
  gates: readonly GatedFetch[];
}

/** One thing that goes wrong, as the seed has drawn it. */
export interface Disturbance {
  /** What it is done to. Nothing is harmed twice at the same time. */
  at: string;
  /** For people. */
  how: string;
  /** How much later than it is somebody then takes it to be. */
  aheadMs?: number;
  /** Resolves when all is as it was. */
  run(): Promise<void>;
}

export type Draw = (stage: Stage, random: Random) => Disturbance;
