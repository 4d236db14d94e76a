import { POSTGRES } from '../services/index.ts';
import type { Verdict } from './check/verdict.ts';
import { type BusKind, canStart, drawBus } from './cluster/bus-kind.ts';
import type { Random } from './random.ts';
import { faults } from './scenarios/faults.ts';
import { kills } from './scenarios/kills.ts';
import { race } from './scenarios/race.ts';

export interface RoundOptions {
  /** In place of the one that the seed would choose. */
  bus: string | undefined;
  /** Told of what happens on the way. */
  tell: (line: string) => void;
}

export interface RoundResult {
  verdict: Verdict;
  /** What kind of round the seed has made of it. */
  about: string;
}

export type RoundName = 'faults' | 'race' | 'kills' | 'losses';

export const BUSES: readonly string[] = ['postgres', 'redis', 'nats'] satisfies BusKind[];

export const ROUNDS: Record<RoundName, (random: Random, options: RoundOptions) => Promise<RoundResult>> = {
  faults: playFaults,
  race: playRace,
  kills: playKills,
  losses: playLosses,
};

/** Why it can't be played here; null where it can. */
export function missing(name: RoundName): string | null {
  return (name === 'faults' || name === 'losses') && !canStart(POSTGRES)
    ? 'There is no postgres program on this machine.'
    : null;
}

async function playFaults(random: Random, { bus: given, tell }: RoundOptions): Promise<RoundResult> {
  const drawn = drawBus(random);
  const bus = (given as BusKind | undefined) ?? drawn;
  const nodes = random.int(2, 4);
  const writers = { http: random.int(2, 5), sql: random.int(2, 4) };
  const readers = random.int(8, 16);
  const granters = random.int(1, 3);
  tell(
    `${nodes} processes by ${bus}, ${writers.http} + ${writers.sql} writers, ${granters} granters, ${readers} readers`,
  );
  const options = {
    random,
    bus,
    nodes,
    writers,
    granters,
    askers: 2,
    reporters: 2,
    readers,
    durationMs: 45_000,
    leastFaults: 15,
  };
  const { verdict, counts } = await faults({ ...options, onFault: tell });
  const kinds = [...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ');
  return { verdict, about: ` (${nodes} processes by ${bus}; ${kinds})` };
}

async function playRace(random: Random): Promise<RoundResult> {
  const [writers, readers] = [random.int(2, 30), random.int(10, 80)];
  const verdict = await race({ random, writers, readers, durationMs: random.int(10_000, 30_000) });
  return { verdict, about: ` (${writers} writers, ${readers} readers)` };
}

async function playKills(random: Random): Promise<RoundResult> {
  const [writers, readers] = [random.int(2, 12), random.int(4, 24)];
  const verdict = await kills({ random, writers, readers, kills: 20, betweenCommitAndAnswer: random.int(4, 10) });
  return { verdict, about: ` (${writers} writers, ${readers} readers)` };
}

/** Many lose runs that go on, in processes that hear of the runs at once and of the losses a second later. */
async function playLosses(random: Random, { bus: given }: RoundOptions): Promise<RoundResult> {
  const drawn = drawBus(random);
  const bus = (given as BusKind | undefined) ?? drawn;
  const nodes = random.int(2, 4);
  const options = {
    random,
    bus,
    nodes,
    runsOnly: true,
    writers: { http: 1, sql: 0 },
    granters: 0,
    askers: 0,
    reporters: random.int(6, 12),
    readers: 2,
    durationMs: 30_000,
    leastFaults: 0,
  };
  const { verdict } = await faults(options);
  return { verdict, about: ` (${nodes} processes by ${bus})` };
}
