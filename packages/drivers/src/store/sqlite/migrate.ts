import { BelfryError } from '@belfry/protocol';
import type { SqliteDatabase } from './database.ts';
import { MIGRATIONS } from './migrations.ts';

/** Brings the tables up to date, each step whole or not at all, and gives the database its epoch. */
export function migrate(database: SqliteDatabase): void {
  database.exec('create table if not exists meta (key text primary key, value text not null)');
  const from = Number(meta(database, 'schema') ?? 0);
  if (from > MIGRATIONS.length) throw tooNew(from);
  for (let version = from + 1; version <= MIGRATIONS.length; version += 1) step(database, version);
}

function step(database: SqliteDatabase, version: number): void {
  database.exec('begin immediate');
  try {
    database.exec(MIGRATIONS[version - 1] as string);
    if (version === 1) setMeta(database, 'epoch', newEpoch());
    setMeta(database, 'schema', String(version));
    database.exec('commit');
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}

/** Names this database for as long as it lives. */
export function epochOf(database: SqliteDatabase): string {
  const epoch = meta(database, 'epoch');
  if (epoch === undefined) throw new BelfryError('unavailable', 'The database has lost its name. Restore a backup.');
  return epoch;
}

function meta(database: SqliteDatabase, key: string): string | undefined {
  return database.statement('select value from meta where key = ?').get(key)?.value as string | undefined;
}

function setMeta(database: SqliteDatabase, key: string, value: string): void {
  database.statement('insert or replace into meta (key, value) values (?, ?)').run(key, value);
}

function newEpoch(): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] as number;
  return (random % 36 ** 6).toString(36).padStart(6, '0');
}

function tooNew(version: number): BelfryError {
  return new BelfryError(
    'unavailable',
    `This database was written by a newer Belfry (its schema is ${version}, this one knows up to ${MIGRATIONS.length}). ` +
      'Start that version again, or choose another BELFRY_DATA_DIR.',
  );
}
