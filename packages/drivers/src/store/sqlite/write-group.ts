import type { Kysely } from 'kysely';
import type { WriteContext } from '../sql/context.ts';
import type { SqlDialect } from '../sql/dialect.ts';
import { isAppend } from '../sql/is-append.ts';
import type { Appender } from '../sql/log/appender.ts';
import type { Tables } from '../sql/schema.ts';
import { runWrite, type WriteCall } from '../sql/write-ops.ts';
import type { SqliteDatabase } from './database.ts';
import { type Outcome, toFailure, unavailable } from './failures.ts';
import { GatheringAppender } from './gathering-appender.ts';
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
 * Commits calls that came at the same time together: one fsync for all of them. Those that only append are written as
 * one; where that fails, and for all others, each of several has a savepoint of its own, so one that fails takes back only
 * what it did. One by itself takes back the transaction: each page that changes under a savepoint is copied first.
 * Nothing is answered before the commit is on disk.
 */
export async function runGroup(writer: Writer, calls: readonly WriteCall[]): Promise<Outcome[]> {
  const { database, files } = writer;
  try {
    const outcomes = (await together(writer, calls)) ?? (await oneByOne(writer, calls));
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

/** Null: nothing is done, and no transaction is open. Who is to blame is found one by one. */
async function together(writer: Writer, calls: readonly WriteCall[]): Promise<Outcome[] | null> {
  if (calls.length < 2 || !calls.every(isGathered)) return null;
  const { database } = writer;
  const appender = new GatheringAppender(writer.appender);
  const gathering = { ...writer, appender };
  database.statement('begin immediate').run();
  try {
    const outcomes: Outcome[] = [];
    for (const call of calls) outcomes.push({ ok: await commitOf(gathering, call) });
    await appender.flush();
    return outcomes;
  } catch {
    if (database.inTransaction) database.exec('rollback');
    return null;
  }
}

/** What appends to the log of a tenant. */
function isGathered(call: WriteCall): boolean {
  return (call.name === 'publish' || call.name === 'emit') && isAppend(call);
}

async function oneByOne(writer: Writer, calls: readonly WriteCall[]): Promise<Outcome[]> {
  writer.database.statement('begin immediate').run();
  const [lone, ...others] = calls;
  if (lone !== undefined && others.length === 0) return [{ ok: await commitOf(writer, lone) }];
  const outcomes: Outcome[] = [];
  for (const call of calls) outcomes.push(await runMember(writer, call));
  return outcomes;
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
