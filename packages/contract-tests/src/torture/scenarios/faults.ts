import { askAgainAndAgain } from '../asker.ts';
import { castOf } from '../cast.ts';
import type { Verdict } from '../check/verdict.ts';
import type { BusKind } from '../cluster/bus-kind.ts';
import { Cluster } from '../cluster/cluster.ts';
import { type Disturbed, disturb } from '../disturbances/schedule.ts';
import { grantAndTake } from '../granter.ts';
import { Ledger } from '../ledger.ts';
import type { Logged } from '../log.ts';
import type { Random } from '../random.ts';
import { dropAndResume } from '../readers/drops.ts';
import { GatedFetch } from '../readers/gated-fetch.ts';
import { reportAgainAndAgain } from '../reporter.ts';
import type { Mistake } from '../server/order.ts';
import { makeApplication, readRemains, untilRelayed } from '../sql/application.ts';
import { writeSql } from '../sql/writer.ts';
import { write } from '../writer.ts';
import { crowdOf } from './crowd.ts';
import { finish } from './finish.ts';
import { type UndisturbedOptions, undisturbed } from './undisturbed.ts';

export interface FaultsOptions extends UndisturbedOptions {
  random: Random;
  bus: BusKind;
  nodes: number;
  /** By HTTP, and by SQL. One of the latter keeps its transactions open for long. */
  writers: { http: number; sql: number };
  /** Who give topics and roles to some of the readers, and take them. */
  granters: number;
  /** Who ask and are answered in a race, and who report runs that others follow. */
  askers: number;
  reporters: number;
  readers: number;
  /** However long that takes; 0 for none at all. */
  leastFaults: number;
  /** Told of each thing that goes wrong. */
  onFault?: (line: string) => void;
  /** Their buses bring nothing but what is said of runs: each of a run's events overtakes what it must not. */
  runsOnly?: boolean;
  /** To build into each process. */
  mistakes?: readonly Mistake[];
}

export interface FaultsResult {
  verdict: Verdict;
  /** How often each kind of thing went wrong. */
  counts: Map<string, number>;
}

/** A buffer that a reader who stops soon fills, and little memory of recent events, so that much is read again. */
const HUB = { heartbeatMs: 500, lifetimeMs: 60_000, maxBufferedBytes: 65_536, ringBytes: 262_144 };
const GATES = 3;
/** Far less than a stream's life: coming again would show what was never told. */
const TOLD_MS = 15_000;

/**
 * Several processes on one Postgres and one bus. Everything that they are made of is killed, cut, stalled and set wrong
 * by turns, while applications publish by HTTP and SQL and readers follow.
 */
export async function faults(options: FaultsOptions): Promise<FaultsResult> {
  const { random, bus, nodes, mistakes, runsOnly = false } = options;
  const wrong = mistakes === undefined ? {} : { mistakes };
  const cluster = await Cluster.open({ nodes, bus, hub: HUB, runsOnly, ...wrong });
  try {
    await makeApplication(cluster.postgres.url);
    return await play(cluster, options, random);
  } finally {
    await cluster.close();
  }
}

async function play(cluster: Cluster, options: FaultsOptions, random: Random): Promise<FaultsResult> {
  const { durationMs, leastFaults: least, onFault: onBegin = () => {} } = options;
  const ledger = new Ledger();
  const cast = castOf(random.fork('cast'), 8);
  const gates = Array.from({ length: GATES }, () => new GatedFetch());
  const [front, ...each] = cluster.targets;
  const crowd = crowdOf([front, front, front, ...each], cast, random.fork('crowd'), options.readers, gates);
  const over = new AbortController();
  const { signal } = over;
  const dropping = { upMs: 12_000, downMs: 1_000, forgetting: 0.1 };
  const disturbing =
    least === 0
      ? undisturbed(cluster, ledger, options).then(nothingAmiss)
      : disturb({ cluster, gates }, { random: random.fork('faults'), durationMs, least, onBegin });
  const [{ counts, turns, complaints }] = await Promise.all([
    disturbing.finally(() => over.abort()),
    ...crowd.map((reader, index) => dropAndResume(reader, random.fork(`drops ${index}`), dropping, signal)),
    ...writing(cluster, options, { cast, ledger }, signal),
  ]);
  ledger.complaints.push(...complaints);
  ledger.turns.push(...turns);
  // The last thing of all must come after what was committed by SQL.
  await untilRelayed(cluster.postgres.url);
  // It is told by no bus: the heads of the log must show it.
  for (const node of cluster.nodes) node.bus.stall();
  const scene = { targets: cluster.targets, patienceMs: TOLD_MS, log: () => settle(cluster, ledger) };
  const verdict = await finish(scene, ledger, crowd);
  return { verdict, counts };
}

function nothingAmiss(): Disturbed {
  return { counts: new Map(), turns: [], complaints: [] };
}

function writing(
  cluster: Cluster,
  { random, writers, granters, askers, reporters }: FaultsOptions,
  scene: { cast: ReturnType<typeof castOf>; ledger: Ledger },
  signal: AbortSignal,
): Promise<void>[] {
  const byHttp = { ...scene, writing: { restMs: 200, cutting: 0.1 } };
  const bySql = { ...scene, writing: { restMs: 250, holding: { chance: 0.1, ms: 4_000 } } };
  const forLong = { ...scene, writing: { restMs: 250, holding: { chance: 1, ms: 20_000 } } };
  const granting = { ...scene, granting: { restMs: 1_500, cutting: 0.15 } };
  const sqlWriter = (index: number) =>
    writeSql(cluster.applicationUrl, 100 + index, random.fork(`s${index}`), index === 0 ? forLong : bySql, signal);
  return [
    ...Array.from({ length: writers.http }, (_, index) =>
      write(cluster.targets, index, random.fork(`w${index}`), byHttp, signal),
    ),
    ...Array.from({ length: writers.sql }, (_, index) => sqlWriter(index)),
    ...Array.from({ length: granters }, (_, index) =>
      grantAndTake(cluster.targets, random.fork(`g${index}`), granting, signal),
    ),
    ...Array.from({ length: askers }, (_, index) =>
      askAgainAndAgain(cluster.targets, index, random.fork(`q${index}`), scene, signal),
    ),
    ...Array.from({ length: reporters }, (_, index) =>
      reportAgainAndAgain(cluster.targets, index, random.fork(`r${index}`), scene, signal),
    ),
  ];
}

async function settle(cluster: Cluster, ledger: Ledger): Promise<Logged[]> {
  const deaths = cluster.nodes.flatMap(({ name, server }) => server.deaths.map((death) => `${name} ${death}`));
  const remains = await readRemains(cluster.postgres.url);
  ledger.complaints.push(...deaths, ...(await cluster.stop()));
  ledger.complaints.push(...remains.deadLetters.map((letter) => `a dead letter, ${letter}`));
  if (remains.waiting > 0) ledger.complaints.push(`${remains.waiting} rows were never relayed`);
  ledger.settle(remains.orders);
  return cluster.log();
}
