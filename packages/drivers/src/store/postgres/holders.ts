import type { Connection } from './connection.ts';
import { LOCKS } from './locks.ts';

/**
 * A process holds the lock of its number for as long as it lives, but for moments: after a restart of the server, until
 * it has taken it again. Whoever comes with a ticket whose holder's number is free may have it at once: their stream has
 * ended, or they would not come. A clean-up, which nobody asked for, takes a process for dead only when its number
 * was free for this long.
 */
const DEAD_AFTER_MS = 60_000;

/**
 * Shared, so that two who look at once don't take each other for the process; until the end of the transaction, so that
 * it lets go by itself.
 */
const IS_FREE = 'pg_try_advisory_xact_lock_shared';

/** The session that had the number before. Who only looks at a number has it shared. */
const END_FORMER = `
  select pg_terminate_backend(pid) from pg_locks
  where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
    and classid = $1 and objid = $2 and objsubid = 2 and mode = 'ExclusiveLock' and granted and pid <> pg_backend_pid()`;

/** False: somebody has it, or just looks whether anybody has. */
export async function takeNumber(connection: Connection, id: number): Promise<boolean> {
  const { rows } = await connection.query('select pg_try_advisory_lock($1, $2) as taken', [LOCKS.process, id]);
  if (rows[0]?.taken !== true) return false;
  // After the lock: from here on no clean-up finds the number free.
  await connection.query('delete from absences where process = $1', [id]);
  return true;
}

/**
 * For a process that has lost its connection. Where the server has not noticed that, it is told: what was lost on the
 * way keeps its locks for as long as something between the two keeps the connection up.
 */
export async function takeNumberAgain(connection: Connection, id: number): Promise<boolean> {
  if (await takeNumber(connection, id)) return true;
  await connection.query(END_FORMER, [LOCKS.process, id]);
  return false;
}

export async function lives(connection: Connection, id: number): Promise<boolean> {
  const { rows } = await connection.query(`select ${IS_FREE}($1, $2) as free`, [LOCKS.process, id]);
  return rows[0]?.free !== true;
}

/**
 * What is held by processes that have died ends, as of when they were first missed. A process that is cut off from the
 * database for longer counts as dead too.
 */
export async function endDeadHolds(connection: Connection, now: number): Promise<void> {
  await connection.query(
    `with holders as materialized (select distinct held as id from tickets where held <> 0),
      absent as materialized (select id from holders where ${IS_FREE}($1, id)),
      noted as (insert into absences (process, since) select id, $2 from absent on conflict do nothing)
    update tickets set held = 0, ended_at = since
    from absent join absences on process = id where held = id and since <= $3`,
    [LOCKS.process, now, now - DEAD_AFTER_MS],
  );
  await connection.query('delete from absences where not exists (select from tickets where held = process)');
}
