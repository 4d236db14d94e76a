import type { Connection } from './connection.ts';
import { LOCKS } from './locks.ts';

/**
 * A process holds its number for as long as it lives, so a number that can be had belongs to nobody. Shared, so that
 * two who look at once don't take each other for the process; until the end of the transaction, so that it lets go by
 * itself.
 */
const IS_FREE = 'pg_try_advisory_xact_lock_shared';

export async function lives(connection: Connection, id: number): Promise<boolean> {
  const { rows } = await connection.query(`select ${IS_FREE}($1, $2) as free`, [LOCKS.process, id]);
  return rows[0]?.free !== true;
}

/** What is held by processes that have died ends now. */
export async function endDeadHolds(connection: Connection, now: number): Promise<void> {
  await connection.query(
    `with holders as materialized (select distinct held as id from tickets where held <> 0),
      dead as materialized (select id from holders where ${IS_FREE}($1, id))
    update tickets set held = 0, ended_at = $2 where held in (select id from dead)`,
    [LOCKS.process, now],
  );
}
