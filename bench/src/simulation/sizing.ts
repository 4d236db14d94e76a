import type { Random } from '@belfry/contract-tests/random';
import type { Costs } from './costs.ts';
import { type CellLoad, loadOf } from './load.ts';
import { intoCells, split, type Tenant, tenantsOf, type World } from './tenants.ts';

export interface Size {
  world: World;
  largest: Tenant;
  /** Tenants that publish more than one log takes, or more than a process can hear of one. */
  tooLarge: number;
  cells: number;
  /** Of all cells. */
  processes: number;
  processCores: number;
  postgresCores: number;
  gigabytes: number;
  deliveries: number;
  /** The busiest cell, its processes, and the same as if each process alone were as busy as it may be. */
  busiest: CellLoad & { processes: number };
}

/** A core is to be busy for so much of its time at most: the rest is for storms. */
const BUSY = 0.6;
/** And for so much where one process of a cell has died and the others have its streams, and those come back. */
const BUSY_WITHOUT_ONE = 0.75;
/** One process runs on one core. */
const MOST_STREAMS = 200_000;
/** Each of them holds up to 12 connections to Postgres. */
const MOST_PROCESSES = 40;
const MORE_PROCESSES = 1.25;
const MORE_CELLS = 1.5;
/** Of a Postgres; nobody runs one with less than the least. */
const MOST_POSTGRES_CORES = 16;
const LEAST_POSTGRES_CORES = 4;
const BUS_CORES = 1;

/**
 * With as many cells as need the fewest cores in all: in few cells every process hears of much that is not for it, and
 * many cells have a Postgres and a bus with little to do. Each step tries half as many again.
 */
export function sizeOf(world: World, costs: Costs, random: Random): Size {
  const tenants = tenantsOf(world);
  const { parts, tooLarge } = split(tenants, mostOfOne(costs));
  let best: Size | null = null;
  for (let cells = 1; ; cells = Math.ceil(cells * MORE_CELLS)) {
    const sized = intoCells(parts, cells, random.fork(String(cells))).map((own) => cellOf(own, costs));
    if (sized.some((cell) => cell === null)) continue;
    const size = summed(world, tenants[0] as Tenant, tooLarge, sized as SizedCell[], costs);
    if (best !== null && coresOf(size) >= coresOf(best)) return best;
    best = size;
  }
}

/** Of everything, as it is bought. */
function coresOf({ processes, cells, postgresCores }: Size): number {
  return processes + Math.max(cells * LEAST_POSTGRES_CORES, postgresCores / BUSY) + cells * BUS_CORES;
}

/** Publishes a second of one tenant: what one log may take; and what a process may hear of one tenant, as it hears of others too. */
export function mostOfOne({ logPerSecond, hear }: Costs): number {
  return BUSY * Math.min(logPerSecond, 1_000_000 / hear / 2);
}

type SizedCell = CellLoad & { processes: number };

/** Null: no number of processes is enough. */
function cellOf(tenants: readonly Tenant[], costs: Costs): SizedCell | null {
  // There is only more to do the more of them hear of the same.
  const least = Math.ceil(loadOf(tenants, 1, costs).processCores / BUSY);
  for (
    let processes = Math.max(2, least);
    processes <= MOST_PROCESSES;
    processes = Math.ceil(processes * MORE_PROCESSES)
  ) {
    const load = loadOf(tenants, processes, costs);
    if (load.postgresCores > MOST_POSTGRES_CORES * BUSY) return null;
    if (isEnough(load, processes)) return { ...load, processes };
  }
  return null;
}

/** For all days, and for the one on which a process dies. */
function isEnough({ processCores, connections }: CellLoad, processes: number): boolean {
  const most = Math.min(processes * BUSY, (processes - 1) * BUSY_WITHOUT_ONE);
  return processCores <= most && connections <= (processes - 1) * MOST_STREAMS;
}

function summed(world: World, largest: Tenant, tooLarge: number, cells: SizedCell[], { kilobytes }: Costs): Size {
  const sum = (pick: (cell: SizedCell) => number) => cells.reduce((total, cell) => total + pick(cell), 0);
  const busiest = cells.reduce((one, other) => (other.processCores > one.processCores ? other : one));
  return {
    ...{ world, largest, tooLarge, busiest, cells: cells.length },
    processes: sum(({ processes }) => processes),
    processCores: sum(({ processCores }) => processCores),
    postgresCores: sum(({ postgresCores }) => postgresCores),
    deliveries: sum(({ deliveries }) => deliveries),
    gigabytes: (world.connections * kilobytes) / 1_000_000,
  };
}
