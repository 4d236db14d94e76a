import { type Newest, type Tail, tailOf } from '../sql/appender.ts';
import { CLOCK_SQL } from './clock.ts';
import type { Answer } from './connection.ts';

/** By `LOCKS.log` and the log. */
export const LOCK_LOG = 'select pg_advisory_xact_lock($1, $2)';

/** One row, also of an empty log. A statement of its own after the lock, as its snapshot must not be older. */
export const TAIL = `
  select ${CLOCK_SQL} as now, e.n, e.check_value, e.time, e.total_bytes from (select) as one
  left join (select n, check_value, time, total_bytes from events where log = $1 order by n desc limit 1) as e on true`;

export function tailIn(log: number, { rows }: Answer): Tail {
  const row = rows[0] as Newest | { n: null } | undefined;
  return tailOf(log, row === undefined || row.n === null ? undefined : row);
}
