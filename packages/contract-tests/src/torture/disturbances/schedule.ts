import type { TurnedAhead } from '../check/turned-ahead.ts';
import { pause } from '../pause.ts';
import type { Random } from '../random.ts';
import type { Disturbance, Draw, Stage } from './disturbance.ts';
import { kindsFor } from './kinds.ts';

export interface DisturbOptions {
  random: Random;
  durationMs: number;
  /** However long that takes. */
  least: number;
  /** Told of each as it begins. */
  onBegin: (line: string) => void;
}

export interface Disturbed {
  /** How often each kind of thing was done. */
  counts: Map<string, number>;
  /** Of clocks. */
  turns: TurnedAhead[];
  /** What could not be made good again. */
  complaints: string[];
}

const LEAST_REST_MS = 300;
const MOST_REST_MS = 2_400;

/** Does one thing after the other, by the seed, without waiting for the end of each. Resolves when all is well again. */
export async function disturb(stage: Stage, options: DisturbOptions): Promise<Disturbed> {
  const { random, durationMs, least, onBegin } = options;
  const begun = performance.now();
  const underWay = new Map<string, Promise<void>>();
  const disturbed: Disturbed = { counts: new Map(), turns: [], complaints: [] };
  let done = 0;
  for (const [kind, disturbance] of schedule(stage, random)) {
    await pause(random.int(LEAST_REST_MS, MOST_REST_MS));
    if (performance.now() - begun > durationMs && done >= least) break;
    await underWay.get(disturbance.at);
    done += 1;
    onBegin(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${disturbance.how}`);
    disturbed.counts.set(kind, (disturbed.counts.get(kind) ?? 0) + 1);
    if (disturbance.aheadMs !== undefined) disturbed.turns.push({ from: Date.now(), byMs: disturbance.aheadMs });
    underWay.set(disturbance.at, run(disturbance, disturbed));
  }
  await Promise.all(underWay.values());
  return disturbed;
}

/** For ever: every kind once, in some order, before any comes again. */
function* schedule(stage: Stage, random: Random): Generator<[string, Disturbance]> {
  const kinds: [string, Draw][] = Object.entries(kindsFor(stage.cluster.bus));
  for (;;) for (const [kind, draw] of random.shuffled(kinds)) yield [kind, draw(stage, random)];
}

async function run(disturbance: Disturbance, { complaints }: Disturbed): Promise<void> {
  try {
    await disturbance.run();
  } catch (error) {
    complaints.push(`${disturbance.how}: ${(error as Error).message}`);
  }
}
