import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase } from './database.ts';

/** Rows of one statement: to begin and end one costs as much as to bind a row's values. */
export const TOGETHER = 10;

/**
 * Takes the values of any number of rows, one row after the other, and what all rows have in common. Where one is refused,
 * those before it stay until the caller takes back all that it did: to be able to take back a statement alone, SQLite
 * would copy each page before it changes it.
 */
export type InsertRows = (values: readonly SQLInputValue[], common?: readonly SQLInputValue[]) => void;

/**
 * @param width how many columns the table has.
 * @param common the places of those that all rows of a call have in common: they are bound once a statement.
 */
export function insertRows(
  database: SqliteDatabase,
  table: string,
  width: number,
  common: readonly number[] = [],
): InsertRows {
  const insert = (rows: number) => database.statement(insertSql(table, rows, width, common));
  const one = insert(1);
  const several = insert(TOGETHER);
  const own = width - common.length;
  const step = TOGETHER * own;
  return (values, shared = []) => {
    const named = Object.fromEntries(common.map((column, index) => [nameOf(column), shared[index] ?? null]));
    const run = (statement: StatementSync, rows: readonly SQLInputValue[]) =>
      common.length === 0 ? statement.run(...rows) : statement.run(named, ...rows);
    let at = 0;
    for (; at + step <= values.length; at += step) run(several, values.slice(at, at + step));
    for (; at < values.length; at += own) run(one, values.slice(at, at + own));
  };
}

function insertSql(table: string, rows: number, width: number, common: readonly number[]): string {
  const place = (_: unknown, column: number) => (common.includes(column) ? nameOf(column) : '?');
  const row = `(${Array.from({ length: width }, place).join()})`;
  return `insert or fail into ${table} values ${Array(rows).fill(row).join()}`;
}

/** Named and not numbered: before 22.20 and 24.7 Node takes `?1` for a name, and has no place for its value. */
function nameOf(column: number): string {
  return `$c${column}`;
}
