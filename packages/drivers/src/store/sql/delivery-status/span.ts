import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** After every name. */
const LAST = '\x7f';

/** Those people whose names come after `after`, up to and with `upTo`. */
export interface Span {
  after: string;
  upTo: string;
}

/** @param last null: all who are left. */
export function spanOf(after: string, last: string | null): Span {
  return { after, upTo: last ?? LAST };
}

/**
 * Also said where a person is looked up who is known to be in it: an engine may then read what the whole span has in one
 * walk along the index, and keep it at hand, instead of looking for each.
 */
export function within(person: string, { after, upTo }: Span): RawBuilder<SqlBool> {
  const name = sql.ref(person);
  return sql`${name} > ${after} and ${name} <= ${upTo}`;
}
