import { sql } from 'kysely';
import type { SqlDialect } from '../sql/dialect.ts';

export const sqliteDialect: SqlDialect = {
  elements: (column) => sql`json_each(${column}) as e`,
  inTexts: (text, list) => sql`${text} in (select j.value from json_each(${JSON.stringify(list)}) as j)`,
  inNumbers: (number, list) => sql`${number} in (select j.value from json_each(${JSON.stringify(list)}) as j)`,
};
