import type { RawBuilder, SqlBool } from 'kysely';

/** What two SQL engines write differently. Everything else in this folder is the same text for both. */
export interface SqlDialect {
  /** A table `e` with one row `e.value` for each string in a column that holds a JSON array of strings. */
  elements(column: RawBuilder<unknown>): RawBuilder<unknown>;
  /** Whether the text is in the list, as one parameter however long the list is. */
  inTexts(text: RawBuilder<unknown>, list: readonly string[]): RawBuilder<SqlBool>;
  /** A table `t` with one row `t.value` for each member, to look them up one by one in an index. */
  texts(list: readonly string[]): RawBuilder<unknown>;
  /**
   * Joins a table `alias` to `texts` and the like: for each row before it, those that meet the condition, which names its
   * key. Never the other way round, all of a log first, however few rows the planner takes that to have.
   */
  lookUp(table: string, alias: string, on: RawBuilder<unknown>): RawBuilder<unknown>;
  /** Whether there is a row that meets the condition: asked for each row before it, as by `lookUp`. */
  isThere(table: string, alias: string, on: RawBuilder<unknown>): RawBuilder<SqlBool>;
  /** The text, compared and ordered as names in tables are: by its bytes. */
  bytewise(text: RawBuilder<unknown>): RawBuilder<unknown>;
  /** As `elements`, of the list that is a member of the object in a column. No rows where there is no such member. */
  members(column: RawBuilder<unknown>, name: string): RawBuilder<unknown>;
  /** Whether the text is in that list. */
  hasMember(column: RawBuilder<unknown>, name: string, text: RawBuilder<unknown>): RawBuilder<SqlBool>;
  numbers(list: readonly number[]): RawBuilder<unknown>;
  /** A table `t` with one row for each, `t.name` and `t.n`. */
  pairs(list: readonly (readonly [name: string, n: number])[]): RawBuilder<unknown>;
  /** A table `t` with one row for each, `t.channel`, `t.above` and `t.below`, and `t.place`, which is its index in the list. */
  ranges(list: readonly { channel: string; above: number; below: number }[]): RawBuilder<unknown>;
  /** The numbers that a query selects as `n`, as one value: a JSON array, also null where there are none. */
  listOf(query: RawBuilder<unknown>): RawBuilder<string | null>;
  /**
   * Merges queries that each select one column `n` by an index range into one query of distinct `n`, in order, at
   * most `limit`: reads no more of any range than that takes. There is at least one.
   */
  merge(ranges: readonly RawBuilder<unknown>[], order: 'asc' | 'desc', limit: number): RawBuilder<{ n: number }>;
  /**
   * Of an `update` or a `delete` of this table: whether a row has one of these keys, which a query gives as these columns.
   * Each is looked up in the index, however few rows the planner takes the table to hold. A row that another transaction
   * changes meanwhile may be missed: where a table is written to without the log's lock, rows are held before.
   */
  hasKey(table: string, key: readonly string[], keys: RawBuilder<unknown>): RawBuilder<SqlBool>;
  /** Whether questions travel to a server: then a question more, or one that waits for another, costs more than long answers. */
  readonly questionsTravel: boolean;
  /** Whether a table is searched sooner where its rows are short, so that long data of events is in `event_texts`. */
  readonly keepsLongDataApart: boolean;
  /** At the end of a `select`: its rows are held, without those that another transaction holds. */
  readonly unheld: RawBuilder<unknown>;
  /** At the end of a `select`: it waits for those of its rows that another transaction holds, and holds all of them. */
  readonly held: RawBuilder<unknown>;
}
