import type { Store } from '@belfry/core';
import { openBus } from '@belfry/drivers/bus';
import type { Bus, BusObserver } from '@belfry/hub';
import type { Settings } from './settings/settings.ts';

/** What a command needs to know to open the database. */
export type DatabaseSettings = Pick<Settings, 'dataDir' | 'databaseUrl'>;

/**
 * The database that the settings name. Each engine is loaded only where it is used.
 *
 * @param serves how this process will hear of what others commit; left out by commands that follow nothing.
 * @throws BelfryError `unavailable`, saying what to do, where it can't be used.
 */
export async function openStore({ dataDir, databaseUrl }: DatabaseSettings, serves?: { bus: string }): Promise<Store> {
  if (databaseUrl === undefined) {
    const { openSqliteStore } = await import('@belfry/drivers/sqlite');
    return openSqliteStore({ dir: dataDir, readerLater: true });
  }
  const { openPostgresStore } = await import('@belfry/drivers/postgres');
  const company =
    serves === undefined ? {} : { company: serves.bus === 'local' ? ('alone' as const) : ('many' as const) };
  return openPostgresStore({ url: databaseUrl, ...company });
}

/** @throws BelfryError, saying what to do, where it can't be reached at the start. Later it is sought for ever. */
export function openBusFor({ bus, databaseUrl }: Settings, store: Store, observer: BusObserver): Promise<Bus> {
  return openBus(bus, { place: store.place, databaseUrl, observer });
}

/** The database as people call it, without a password. */
export function databaseName({ dataDir, databaseUrl }: DatabaseSettings): string {
  if (databaseUrl === undefined) return `the data folder ${dataDir}`;
  const { host, pathname } = new URL(databaseUrl);
  return `Postgres at ${host}${pathname}`;
}
