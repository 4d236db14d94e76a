import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { psql } from '../services/psql.ts';
import type { ServiceUrls } from './peer.ts';

/** What an inbox is read from, without the log that a row belongs to. */
const TABLES = {
  notifications:
    'n, id, type, severity, subject_kind, subject_id, created_at, expires_at, dedupe_key, recipients, content',
  addressed: 'channel, n',
};
/** Logs of tenants that nobody is in: far above those of the rounds. */
const FIRST_COPY = 1_000_000;

/** What Postgres would do by itself within a minute, in the midst of what is measured. */
const CHORES = ['vacuum analyze', 'checkpoint'];

/** Makes the tables of an inbox so many times as large as what its tenant has, with copies that belong to others. */
export async function growTables(folder: string, { postgres }: ServiceUrls, from: number, to: number): Promise<void> {
  const statements = Array.from({ length: to - from }, (_, index) => copyInto(FIRST_COPY + from + index)).flat();
  if (postgres === undefined) return runSqlite(join(folder, 'belfry.db'), statements);
  for (const statement of statements) await psql(postgres, `set search_path = belfry; ${statement}`);
  for (const chore of CHORES) await psql(postgres, chore);
}

function copyInto(log: number): string[] {
  return Object.entries(TABLES).map(
    ([table, columns]) =>
      `insert into ${table} (log, ${columns}) select ${log}, ${columns} from ${table} where log < ${FIRST_COPY}`,
  );
}

/** Beside the server, which writes nothing meanwhile; each statement is short enough for it to wait. */
function runSqlite(file: string, statements: readonly string[]): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  // They may be lost: nothing depends on them.
  database.exec('pragma synchronous = off');
  for (const statement of statements) database.exec(statement);
  database.close();
}
