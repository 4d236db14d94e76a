import type { Kysely } from 'kysely';
import type { WriteContext } from '../sql/context.ts';
import type { SqlDialect } from '../sql/dialect.ts';
import type { Appender } from '../sql/log/appender.ts';
import type { Tables } from '../sql/schema.ts';
import { runWrite, type WriteCall } from '../sql/write-ops.ts';
import type { SqliteDatabase } from './database.ts';
import { type Outcome, toFailure, unavailable } from './failures.ts';
import { type PackedCommit, packCommit } from './packed-commit.ts';
import type { SameFiles } from './same-files.ts';

export interface Writer {
  database: SqliteDatabase;
  files: SameFiles;
  db: Kysely<Tables>;
  dialect: SqlDialect;
  appender: Appender;
  epoch: string;
  clock: () => number;
}

/**
 * Commits calls that came at the same time together: one fsync for all of them. Each of several has a savepoint of its
 * own, so one that fails takes back only what it did; one by itself takes back the transaction, as each page that changes
 * under a savepoint is copied first. Nothing is answered before the commit is on disk.
 */
export async function runGroup(writer: Writer, calls: readonly WriteCall[]): Promise<Outcome[]> {
  const { database, files } = writer;
  try {
    database.statement('begin immediate').run();
    const [lone, ...others] = calls;
    const outcomes: Outcome[] = [];
    if (lone !== undefined && others.length === 0) outcomes.push({ ok: await commitOf(writer, lone) });
    else for (const call of calls) outcomes.push(await runMember(writer, call));
    database.statement('commit').run();
    // After the commit: nothing is acknowledged that went to a file already deleted.
    files.assert();
    return outcomes;
  } catch (error) {
    if (database.inTransaction) database.exec('rollback');
    const failed = toFailure(error);
    return calls.map(() => ({ failed }));
  }
}

async function runMember(writer: Writer, call: WriteCall): Promise<Outcome> {
  const { database } = writer;
  database.statement('savepoint member').run();
  try {
    const ok = await commitOf(writer, call);
    database.statement('release member').run();
    return { ok };
  } catch (error) {
    // A full disk or a failing one ends the whole transaction: then no member is kept.
    if (!database.inTransaction) throw unavailable(toFailure(error).message, error);
    database.exec('rollback to member; release member');
    return { failed: toFailure(error) };
  }
}

async function commitOf(writer: Writer, call: WriteCall): Promise<PackedCommit> {
  const { db, dialect, appender, epoch } = writer;
  const context: WriteContext = { db, dialect, appender, epoch, now: writer.clock(), events: [] };
  const { out, replayed } = await runWrite(context, call);
  return packCommit(call.name, { out, replayed, events: context.events });
}
