import { sql } from 'kysely';
import type { SqlDialect } from '../sql/dialect.ts';

export const sqliteDialect: SqlDialect = {
  elements: (column) => sql`json_each(${column}) as e`,
  inTexts: (text, list) => sql`${text} in (select j.value from json_each(${JSON.stringify(list)}) as j)`,
  texts: (list) => sql`json_each(${JSON.stringify(list)}) as t`,
  lookUp: (table, alias, on) => sql`cross join ${sql.table(table)} ${sql.ref(alias)} on ${on}`,
  isThere: (table, alias, on) => sql`exists (select 1 from ${sql.table(table)} ${sql.ref(alias)} where ${on})`,
  bytewise: (text) => text,
  members: (column, name) => sql`json_each(${column}, ${sql.lit(`$.${name}`)}) as e`,
  hasMember: (column, name, text) => sql`exists (
    select 1 from json_each(${column}, ${sql.lit(`$.${name}`)}) as e where e.value = ${text})`,
  numbers: (list) => sql`json_each(${JSON.stringify(list)}) as t`,
  pairs: (list) => sql`(select json_extract(p.value, '$[0]') as name, json_extract(p.value, '$[1]') as n
    from json_each(${JSON.stringify(list)}) as p) as t`,
  ranges: (list) => sql`(select r.key as place, r.value ->> 0 as channel, r.value ->> 1 as above, r.value ->> 2 as below
    from json_each(${JSON.stringify(list.map(({ channel, above, below }) => [channel, above, below]))}) as r) as t`,
  listOf: (query) => sql`(select json_group_array(l.n) from (${query}) as l)`,
  hasKey: (_table, key, keys) => sql`(${sql.join(key.map((column) => sql.ref(column)))}) in (${keys})`,
  questionsTravel: false,
  keepsLongDataApart: true,
  // The writer is alone.
  unheld: sql``,
  held: sql``,
  // SQLite merges a UNION that is ordered: it steps through all ranges at once and stops at the limit. Ranges with an
  // order and a limit of their own would each be sorted first, twelve times slower over 50 of them.
  merge: (ranges, order, limit) => sql`${sql.join(ranges, sql` union `)} order by n ${sql.raw(order)} limit ${limit}`,
};
