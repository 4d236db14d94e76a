import type { SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Tables } from '../sql/schema.ts';
import type { SqliteDatabase } from './database.ts';

/** Kysely over a connection that is already open. Whoever opened it begins, commits and closes. */
export function kyselyOver(database: SqliteDatabase): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new SqliteDialect({ database: { prepare: (text) => statement(database, text), close() {} } }),
  });
}

/** Kysely hands on whatever it was given; node:sqlite checks it and throws on what it can't bind. */
type Parameters = readonly SQLInputValue[];

function statement(database: SqliteDatabase, text: string) {
  const prepared = database.statement(text);
  return {
    reader: prepared.columns().length > 0,
    all: (parameters: readonly unknown[]) => prepared.all(...(parameters as Parameters)),
    run: (parameters: readonly unknown[]) => prepared.run(...(parameters as Parameters)),
    iterate: (parameters: readonly unknown[]) => prepared.iterate(...(parameters as Parameters)),
  };
}
