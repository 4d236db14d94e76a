import { expect, test } from 'vitest';
import { SqliteDatabase } from '../src/store/sqlite/database.ts';
import { insertRows } from '../src/store/sqlite/insert-rows.ts';

/** One whole statement, and three rows by themselves. */
const ROWS = Array.from({ length: 13 }, (_, index) => [index, `text ${index}`]);

test('what all rows have in common is in each of them, wherever its column stands', () => {
  const database = new SqliteDatabase(':memory:');
  database.exec('create table t (a, b, c, d)');
  insertRows(database, 't', 4, [0, 2])(ROWS.flat(), ['same', null]);
  expect(database.statement('select * from t').all()).toEqual(ROWS.map(([b, d]) => ({ a: 'same', b, c: null, d })));
  database.close();
});

test('no statement numbers its parameters: Node before 22.20 and 24.7 finds no place for their values', () => {
  const texts: string[] = [];
  const database = { statement: (text: string) => void texts.push(text) } as unknown as SqliteDatabase;
  insertRows(database, 't', 4, [0, 2]);
  expect(texts).toHaveLength(2);
  expect(texts.filter((text) => /\?\d/.test(text))).toEqual([]);
});
