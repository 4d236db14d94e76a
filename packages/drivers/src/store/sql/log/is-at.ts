import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SqlDialect } from '../dialect.ts';

/** Of an `update` or a `delete`: whether a row of this log has one of these numbers. */
export function isAt(
  { hasKey, numbers }: SqlDialect,
  table: 'events' | 'notifications' | 'questions' | 'fallbacks',
  log: number,
  list: readonly number[],
): RawBuilder<SqlBool> {
  return hasKey(table, ['log', 'n'], sql`select cast(${log} as integer) as log, t.value as n from ${numbers(list)}`);
}
