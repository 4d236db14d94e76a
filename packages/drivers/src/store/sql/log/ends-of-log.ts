import { type RawBuilder, sql } from 'kysely';
import type { SqlDialect } from '../dialect.ts';

/** Joins to a log `l` its newest row `h` and its oldest `o`: two seeks, and a log without any is left out. */
export function endsOfLog(
  { lookUp }: Pick<SqlDialect, 'lookUp'>,
  table: 'events' | 'notifications' = 'events',
): RawBuilder<unknown> {
  const n = (order: 'desc' | 'asc') =>
    sql`(select n from ${sql.table(table)} where log = l.id order by n ${sql.raw(order)} limit 1)`;
  return sql`${lookUp(table, 'h', sql`h.log = l.id and h.n = ${n('desc')}`)}
    ${lookUp(table, 'o', sql`o.log = l.id and o.n = ${n('asc')}`)}`;
}
