import type { Store } from '@belfry/core';
import type { Bus } from '@belfry/hub';
import { runsOnly } from '../../faults/index.ts';
import type { BusOrder, DatabaseOrder } from './order.ts';

/** Each engine is loaded only where it is used. `skew`: how wrong the database's clock looks from here, in milliseconds. */
export async function openStore(database: DatabaseOrder, skew: () => number): Promise<Store> {
  if ('dir' in database) {
    const { openSqliteStore } = await import('@belfry/drivers/sqlite');
    return openSqliteStore(database);
  }
  const { openPostgresStore } = await import('@belfry/drivers/postgres');
  return openPostgresStore({ ...database, skew });
}

/** Short enough for a silent connection to be found out within a fault. */
const PROBE_MS = 1_000;

export async function openBusFor(bus: BusOrder | null, place: string): Promise<Bus | null> {
  if (bus === null) return null;
  const { openBus } = await import('@belfry/drivers/bus');
  const opened = await openBus(bus.setting, { place, databaseUrl: bus.databaseUrl, probeMs: PROBE_MS });
  return bus.runsOnly ? runsOnly(opened) : opened;
}
