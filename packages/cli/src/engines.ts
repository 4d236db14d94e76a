import type { Store } from '@belfry/core';
import { openBus } from '@belfry/drivers/bus';
import type { Bus, BusObserver } from '@belfry/hub';
import type { Settings } from './settings/settings.ts';

/** What a command needs to know to open the database. */
export type DatabaseSettings = Pick<Settings, 'dataDir' | 'databaseUrl'>;

interface Serves {
  /** How it will hear of what others commit. */
  bus: string;
  /** Told where SQLite's reads go without a thread of their own. */
  onReaderMissing: (reason: Error) => void;
}

/**
 * The database that the settings name. Each engine is loaded only where it is used.
 *
 * @param serves by a process that follows what is committed; left out by commands that follow nothing.
 * @throws BelfryError `unavailable`, saying what to do, where it can't be used.
 */
export async function openStore({ dataDir, databaseUrl }: DatabaseSettings, serves?: Serves): Promise<Store> {
  if (databaseUrl === undefined) {
    const { openSqliteStore } = await import('@belfry/drivers/sqlite');
    const told = serves === undefined ? {} : { onReaderMissing: serves.onReaderMissing };
    return openSqliteStore({ dir: dataDir, readerLater: true, ...told });
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
