import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Tables } from '../sql/schema.ts';
import type { SqliteDatabase } from './database.ts';

/** Kysely over a connection that is already open. Whoever opened it begins, commits and closes. */
export function kyselyOver(database: SqliteDatabase): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new SqliteDialect({ database: { prepare: (text) => statement(database, text), close() {} } }),
  });
}

function statement(database: SqliteDatabase, text: string) {
  const prepared = database.statement(text);
  return {
    reader: givesRows(prepared),
    all: (parameters: readonly unknown[]) => prepared.all(...positional(parameters)),
    run: (parameters: readonly unknown[]) => prepared.run(...positional(parameters)),
    iterate: (parameters: readonly unknown[]) => prepared.iterate(...positional(parameters)),
  };
}

const known = new WeakMap<StatementSync, boolean>();

/** Columns are described anew each time they are asked for. */
function givesRows(prepared: StatementSync): boolean {
  const gives = known.get(prepared) ?? prepared.columns().length > 0;
  known.set(prepared, gives);
  return gives;
}

/** node:sqlite takes an object in the first place for named parameters, and would bind the others one too early. */
function positional(parameters: readonly unknown[]): readonly SQLInputValue[] {
  if (typeof parameters[0] === 'object' && parameters[0] !== null) throw new TypeError('An object is no parameter.');
  return parameters as readonly SQLInputValue[];
}
