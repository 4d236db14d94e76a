import type { Costs } from './costs.ts';
import type { Tenant } from './tenants.ts';

/** What one cell has to do, a second. */
export interface CellLoad {
  connections: number;
  publishes: number;
  deliveries: number;
  /** Messages that its processes hear by the bus, all together: each process hears those of the tenants it has streams of. */
  heard: number;
  /** Pages that its processes read from the log while the bus is away, all together. */
  pages: number;
  /** Cores that its processes are busy with, all together, and those of its Postgres. */
  processCores: number;
  postgresCores: number;
}

/** How long a stream lasts: phones sleep, tabs close, proxies cut. Seconds. */
const LIFETIME = 600;

export function loadOf(tenants: readonly Tenant[], processes: number, costs: Costs): CellLoad {
  const load = { connections: 0, publishes: 0, deliveries: 0, heard: 0, pages: 0 };
  for (const { connections, publishes, broadcasts } of tenants) {
    const messages = publishes + broadcasts;
    const reached = processesWith(connections, processes);
    load.connections += connections;
    load.publishes += messages;
    load.deliveries += publishes + broadcasts * connections;
    load.heard += messages * reached;
    load.pages += (1 - Math.exp(-messages)) * reached;
  }
  return { ...load, ...coresFor(load, costs) };
}

function coresFor(load: Omit<CellLoad, 'processCores' | 'postgresCores'>, costs: Costs) {
  const { publish, hear, deliver, idle, connect, store } = costs;
  const processes =
    load.publishes * publish +
    load.heard * hear +
    // Hearing of one has a delivery in it.
    Math.max(0, load.deliveries - load.heard) * deliver +
    load.connections * (idle + connect / LIFETIME);
  return { processCores: processes / 1_000_000, postgresCores: (load.publishes * store) / 1_000_000 };
}

/** How many have at least one of so many streams, each of which is at one of them by chance. */
function processesWith(streams: number, processes: number): number {
  return processes * (1 - (1 - 1 / processes) ** streams);
}
