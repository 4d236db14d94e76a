import { BelfryError } from '@belfry/protocol';
import type { Connection } from './connection.ts';
import { LOCKS } from './locks.ts';
import { MIGRATIONS } from './migrations.ts';

/** How long one process waits for another that is at it. */
const WAIT = '120s';

/**
 * Brings the tables up to date, all of it or nothing, and gives a new database its epoch. Of several processes that
 * start at once the first does it, and the others wait and find it done.
 *
 * @throws BelfryError `unavailable` where a newer Belfry has been here, or another one does not get done with it.
 */
export async function migrate(connection: Connection, hasSchema: boolean): Promise<void> {
  if (hasSchema && (await schemaOf(connection)) === MIGRATIONS.length) return;
  // Each statement has to see what was committed while the lock was waited for.
  await connection.query('begin isolation level read committed read write');
  connection.bePatient();
  try {
    await takeLock(connection);
    if (!(await schemaExists(connection))) await connection.query('create schema belfry');
    await connection.query(`create table if not exists meta (key text collate "C" primary key, value text not null)`);
    await stepsFrom(connection, await schemaOf(connection));
    await connection.query('commit');
  } catch (error) {
    await connection.query('rollback').catch(() => {});
    throw error;
  }
}

async function takeLock(connection: Connection): Promise<void> {
  // Building an index over a large table takes its time; waiting for someone who hangs should not.
  await connection.query(`set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
    set local lock_timeout = '${WAIT}'`);
  await connection.query('select pg_advisory_xact_lock($1, 0)', [LOCKS.migration]);
  await connection.query('set local lock_timeout = 0');
}

async function stepsFrom(connection: Connection, from: number): Promise<void> {
  if (from > MIGRATIONS.length) throw tooNew(from);
  for (let version = from + 1; version <= MIGRATIONS.length; version += 1) {
    await connection.query(MIGRATIONS[version - 1] as string);
    if (version === 1) await setMeta(connection, 'epoch', newEpoch());
    await setMeta(connection, 'schema', String(version));
  }
}

/** Names this database for as long as it lives. */
export async function epochOf(connection: Connection): Promise<string> {
  const epoch = await meta(connection, 'epoch');
  if (epoch === undefined) throw new BelfryError('unavailable', 'The database has lost its name. Restore a backup.');
  return epoch;
}

/** 0: there are no tables yet. */
async function schemaOf(connection: Connection): Promise<number> {
  const { rows } = await connection.query("select to_regclass('belfry.meta') is not null as there");
  if (rows[0]?.there !== true) return 0;
  const version = Number((await meta(connection, 'schema')) ?? 0);
  if (version > MIGRATIONS.length) throw tooNew(version);
  return version;
}

async function schemaExists(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query("select from pg_namespace where nspname = 'belfry'");
  return rows.length > 0;
}

async function meta(connection: Connection, key: string): Promise<string | undefined> {
  const { rows } = await connection.query('select value from meta where key = $1', [key]);
  return rows[0]?.value as string | undefined;
}

async function setMeta(connection: Connection, key: string, value: string): Promise<void> {
  const text = 'insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value';
  await connection.query(text, [key, value]);
}

function newEpoch(): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0] as number;
  return (random % 36 ** 6).toString(36).padStart(6, '0');
}

function tooNew(version: number): BelfryError {
  return new BelfryError(
    'unavailable',
    `This database was written by a newer Belfry (its schema is ${version}, this one knows up to ${MIGRATIONS.length}). ` +
      'Start that version again, or choose another DATABASE_URL.',
  );
}
