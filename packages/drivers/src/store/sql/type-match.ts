import type { TypeFilter } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';

export const ALL_TYPES = '*';

/** Whether it leaves nothing out. */
export function isOfAllTypes(filter: TypeFilter | undefined | null): boolean {
  return filter?.includes(ALL_TYPES) ?? true;
}

/** `matchesType` over the type of notification `i`. */
export function typeMatchesSql(filter: TypeFilter | undefined | null): RawBuilder<SqlBool> {
  if (!filter || filter.includes(ALL_TYPES)) return sql`1 = 1`;
  if (filter.length === 0) return sql`1 = 0`;
  return sql`(${sql.join(filter.map(onePatternSql), sql` or `)})`;
}

function onePatternSql(pattern: string): RawBuilder<SqlBool> {
  if (!pattern.endsWith('*')) return sql`i.type = ${pattern}`;
  return sql`substr(i.type, 1, ${pattern.length - 1}) = ${pattern.slice(0, -1)}`;
}
