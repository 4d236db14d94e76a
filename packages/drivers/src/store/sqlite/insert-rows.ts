import type { SQLInputValue } from 'node:sqlite';
import type { SqliteDatabase } from './database.ts';

/** Rows of one statement: to begin and end one costs as much as to bind a row's values. */
const TOGETHER = 10;

/**
 * Takes the values of any number of rows, one row after the other, and before them what all rows have in common. Where
 * one is refused, those before it stay until the caller takes back all that it did: to be able to take back a statement
 * alone, SQLite would copy each page before it changes it.
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
    let at = 0;
    for (; at + step <= values.length; at += step) several.run(...shared, ...values.slice(at, at + step));
    for (; at < values.length; at += own) one.run(...shared, ...values.slice(at, at + own));
  };
}

function insertSql(table: string, rows: number, width: number, common: readonly number[]): string {
  let next = common.length;
  const place = (column: number) => `?${common.includes(column) ? common.indexOf(column) + 1 : ++next}`;
  const row = () => `(${Array.from({ length: width }, (_, column) => place(column)).join()})`;
  return `insert or fail into ${table} values ${Array.from({ length: rows }, row).join()}`;
}
