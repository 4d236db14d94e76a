import { noRun, topicOf } from '@belfry/core';
import { isAppend } from '../sql/is-append.ts';
import type { KeptResult } from '../sql/log/appender.ts';
import { LARGE } from '../sql/log/log-writer.ts';
import type { RunTailRow } from '../sql/schema.ts';
import type { WriteCall } from '../sql/write-ops.ts';
import { textArray } from './arrays.ts';
import { timeIn } from './clock.ts';
import type { Answer, Connection, Statement } from './connection.ts';
import { isBadData, isWorthRetrying, type Outcome, translated } from './failures.ts';
import { commitOf, type Gathering } from './gathering.ts';
import { GroupAppender, type GroupStart } from './group-appender.ts';
import type { Place } from './groups-under-way.ts';
import { Pipeline } from './pipeline.ts';
import { openLogText, tailIn } from './tail.ts';
import { inTransaction, type Opening } from './transaction.ts';
import { appenderOver } from './write-alone.ts';
import { commitAtOnce } from './write-at-once.ts';
import type { Writer } from './writer.ts';

/** With where the tenant's log ends, whose lock this group does not wait for: its own statement sees all that was committed before. */
const RUN_TAIL = `
  select log, line_count, is_sealed, timeout_ms, due,
    (select e.n from events e where e.log = $2 order by e.n desc limit 1) as tenant_head
  from run_tails where log = $1`;
const RESULTS = 'select key, fingerprint, result, created_at from idempotency where log = $1 and key = any($2::text[])';

/**
 * Commits the calls for one log that came at the same time together: by one statement where that can be (`commitAtOnce`),
 * else in these steps. Publishes, and what a run's reporter says, gather in memory and are written by one statement, sent
 * together with the COMMIT; every other write has a savepoint of its own, so that one that fails takes back only what it
 * did. Where the gathered ones fail, all is done again with a savepoint for each.
 *
 * The log's lock comes first: rows of a log are changed only by who holds it. A tenant's group may then wait for the locks
 * of its runs, which are held by groups that wait for nothing more; nothing else here can wait, so no circle can form.
 * (But for a key that a clean-up deletes just now: should these two ever wait for each other, the server undoes one, and
 * that one begins again.) Each later statement has a snapshot of its own (read committed), taken after the lock: it sees
 * all that those before it have committed.
 */
export async function runGroup(
  writer: Writer,
  log: string,
  calls: readonly WriteCall[],
  letOn: () => void,
): Promise<Outcome[]> {
  const place = writer.groups.enter(log);
  try {
    return (await commitAtOnce(writer, log, calls, place, letOn)) ?? (await commitInSteps(writer, log, calls, place));
  } finally {
    place.leave();
  }
}

async function commitInSteps(
  writer: Writer,
  log: string,
  calls: readonly WriteCall[],
  { before }: Place,
): Promise<Outcome[]> {
  // What was asked for first is done first.
  await before?.left;
  try {
    return await commitGroup(writer, log, calls, isAppend);
  } catch (error) {
    writer.ends.forget(log);
    if (!(error instanceof HalfSent || isBadData(error))) throw error;
    return commitGroup(writer, log, calls, () => false);
  }
}

async function commitGroup(
  writer: Writer,
  name: string,
  calls: readonly WriteCall[],
  mayGather: (call: WriteCall) => boolean,
): Promise<Outcome[]> {
  const { tenant, run: ofRun } = topicOf(name);
  const isRun = ofRun !== undefined;
  let log = 0;
  const opening = async (connection: Connection): Promise<Opening> => {
    log = await (isRun ? idOfRun(writer, connection, name) : writer.logs.of(connection, name));
    const keys = calls.flatMap((call) => (call.idempotency === undefined ? [] : [call.idempotency.key]));
    const known: Statement = [RESULTS, [log, textArray(keys)]];
    if (isRun) return [openLogText(log), known, [RUN_TAIL, [log, await writer.logs.of(connection, tenant)]]];
    return keys.length === 0 ? [openLogText(log)] : [openLogText(log), known];
  };
  const { outcomes, end } = await inTransaction(writer.pool, opening, async (connection, [tail, results, run]) => {
    writer.ends.sawClock(timeIn(tail as Answer, () => 0));
    const appender = new GroupAppender({
      log: name,
      tail: tailIn(log, tail as Answer),
      known: knownIn(results),
      ...runIn(run),
      open: (other) => appenderOver(connection).tail(other),
    });
    const ahead = new Pipeline(connection);
    const group: Group = { writer, connection, appender, ahead, now: timeIn(tail as Answer, writer.skew) };
    const outcomes: Outcome[] = [];
    for (const call of calls) outcomes.push(await (mayGather(call) ? gather(group, call) : separate(group, call)));
    const last = appender.take();
    return { result: { outcomes, end: appender.end }, last, ahead };
  });
  if (!isRun) writer.ends.asked(name, end);
  return outcomes;
}

/** A run's log is made with the run, and by nobody who guesses at its name. */
async function idOfRun(writer: Writer, connection: Connection, name: string): Promise<number> {
  const log = await writer.logs.find(connection, name);
  if (log === undefined) throw noRun();
  return log;
}

interface Group extends Gathering {
  /** What was sent before the COMMIT, for the server to work on meanwhile. */
  ahead: Pipeline;
}

/** A write failed when part of it had been sent. */
class HalfSent extends Error {}

async function gather(group: Group, call: WriteCall): Promise<Outcome> {
  const { appender, ahead, connection } = group;
  const [mark, sent] = [appender.mark(), ahead.sent];
  appender.onWrite = () => {
    if (appender.size < LARGE) return;
    ahead.send(...appender.take());
    connection.flush();
  };
  try {
    return { ok: await commitOf(group, call) };
  } catch (error) {
    if (ahead.sent > sent) throw new HalfSent('A write failed when part of it had been sent.', { cause: error });
    appender.backTo(mark);
    return { failed: translated(error) };
  }
}

async function separate(group: Group, call: WriteCall): Promise<Outcome> {
  const { connection, appender, ahead } = group;
  ahead.send(...appender.take());
  await ahead.settle();
  const mark = appender.mark();
  const pipeline = new Pipeline(connection);
  pipeline.send(['savepoint member']);
  appender.onWrite = () => pipeline.send(...appender.take());
  try {
    const ok = await commitOf(group, call);
    pipeline.send(...appender.take(), ['release savepoint member']);
    await pipeline.settle();
    return { ok };
  } catch (error) {
    // What was sent before failed first.
    const cause = await pipeline.settle().then(
      () => error,
      (failure: unknown) => failure,
    );
    if (isWorthRetrying(cause)) throw cause;
    appender.backTo(mark);
    await connection.batch([['rollback to savepoint member'], ['release savepoint member']]);
    return { failed: translated(cause) };
  }
}

/** What is kept of a run; nothing where the group's log is no run's. */
function runIn(answer: Answer | undefined): Pick<GroupStart, 'runTail' | 'tenantHead'> {
  const row = answer?.rows[0] as (RunTailRow & { tenant_head: number | null }) | undefined;
  if (row === undefined) return { runTail: undefined, tenantHead: 0 };
  const { tenant_head: head, ...runTail } = row;
  return { runTail, tenantHead: head ?? 0 };
}

function knownIn(results: Answer | undefined): Map<string, KeptResult> {
  const rows = (results?.rows ?? []) as unknown as (KeptResult & { key: string })[];
  return new Map(rows.map((row) => [row.key, row]));
}
