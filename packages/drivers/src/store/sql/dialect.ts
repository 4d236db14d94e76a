import type { RawBuilder, SqlBool } from 'kysely';

/** What two SQL engines write differently. Everything else in this folder is the same text for both. */
export interface SqlDialect {
  /** A table `e` with one row `e.value` for each string in a column that holds a JSON array of strings. */
  elements(column: RawBuilder<unknown>): RawBuilder<unknown>;
  /** Whether the text is in the list, as one parameter however long the list is. */
  inTexts(text: RawBuilder<unknown>, list: readonly string[]): RawBuilder<SqlBool>;
  inNumbers(number: RawBuilder<unknown>, list: readonly number[]): RawBuilder<SqlBool>;
}
