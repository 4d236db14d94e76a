import type { SQLInputValue } from 'node:sqlite';
import type { SqliteDatabase } from './database.ts';

/** Rows of one statement: to begin and end one costs as much as to bind a row's values. */
const TOGETHER = 10;

/**
 * Takes the values of any number of rows, one row after the other. Where one is refused, those before it stay until the
 * caller takes back all that it did: to be able to take back a statement alone, SQLite would copy each page before it
 * changes it.
 */
export type InsertRows = (values: readonly SQLInputValue[]) => void;

/** @param width how many columns the table has. */
export function insertRows(database: SqliteDatabase, table: string, width: number): InsertRows {
  const row = `(${Array(width).fill('?').join()})`;
  const one = database.statement(`insert or fail into ${table} values ${row}`);
  const several = database.statement(`insert or fail into ${table} values ${Array(TOGETHER).fill(row).join()}`);
  const step = TOGETHER * width;
  return (values) => {
    let at = 0;
    for (; at + step <= values.length; at += step) several.run(...values.slice(at, at + step));
    for (; at < values.length; at += width) one.run(...values.slice(at, at + width));
  };
}
