import { logName, topicOf } from '@belfry/core';
import { sql } from 'kysely';
import type { ReadContext, WriteContext, WriteOp } from '../context.ts';
import { PAST_ALL } from '../inbox/viewer.ts';
import { endsOfLog } from '../log/ends-of-log.ts';
import { firstSince } from '../log/first-since.ts';
import { LogWriter } from '../log/log-writer.ts';
import { withdrawRows } from '../notifications/withdraw.ts';
import type { NotificationRow } from '../schema.ts';
import { uncountRun } from './run-sizes.ts';
import { deleteEvents } from './trim.ts';

interface OfTenant {
  log: number;
  tenant: string;
}

/** In steps that each leave all whole: what a crash leaves over is the next one's. */
export const forget: WriteOp<'forget'> = async (context, { inboxMs, inboxItems, closedMs, limit }) => {
  let forgotten = 0;
  for (const tenant of await overFull(context, context.now - inboxMs, inboxItems)) {
    if (forgotten >= limit) break;
    forgotten += await forgetItems(context, tenant, context.now - inboxMs, inboxItems, limit - forgotten);
  }
  const before = context.now - closedMs;
  if (forgotten < limit) forgotten += await forgetQuestions(context, before, limit - forgotten);
  if (forgotten < limit) forgotten += await forgetRuns(context, before, limit - forgotten);
  return { forgotten };
};

/** Numbers are gapless over all events, so a tenant can hold no more items than lie between its oldest and its newest. */
async function overFull({ db, dialect }: ReadContext, oldestTime: number, items: number): Promise<OfTenant[]> {
  const { rows } = await sql<OfTenant>`
    select l.id as log, l.tenant from logs l ${endsOfLog(dialect, 'notifications')}
    where o.created_at < ${oldestTime} or h.n - o.n >= ${items}`.execute(db);
  return rows;
}

async function forgetItems(
  context: WriteContext,
  { tenant }: OfTenant,
  oldestTime: number,
  items: number,
  limit: number,
): Promise<number> {
  const log = await LogWriter.open(context, tenant);
  const { rows: kept } = await sql<{ n: number }>`
    select n from notifications where log = ${log.log} order by n desc limit 1 offset ${items}`.execute(context.db);
  const young = (await firstSince(context, log.log, oldestTime)) ?? PAST_ALL;
  const { rows } = await sql<NotificationRow>`
    select * from notifications where log = ${log.log} and n < ${Math.max((kept[0]?.n ?? 0) + 1, young)}
    order by n limit ${limit}`.execute(context.db);
  if (rows.length === 0) return 0;
  await withdrawRows(context, log, rows);
  await log.flush();
  return rows.length;
}

/** Nobody is told: what was closed so long ago is in no state, and in lists only where they are turned far back. */
async function forgetQuestions(context: WriteContext, before: number, limit: number): Promise<number> {
  const { rows } = await sql<Closed>`
    select log, n, recipients from questions where closed_at < ${before} order by closed_at limit ${limit}`.execute(
    context.db,
  );
  for (const row of rows) await forgetRow(context, 'questions', 'question_channels', row);
  return rows.length;
}

/** With the log of its own. */
async function forgetRuns(context: WriteContext, before: number, limit: number): Promise<number> {
  const { db } = context;
  const { rows } = await sql<Closed & { id: string; tenant: string }>`
    select r.log, r.n, r.recipients, r.id, l.tenant from runs r join logs l on l.id = r.log
    where r.closed_at < ${before} order by r.closed_at limit ${limit}`.execute(db);
  for (const row of rows) {
    const name = logName({ ...topicOf(row.tenant), run: row.id });
    const own = await db.selectFrom('logs').select('id').where('tenant', '=', name).executeTakeFirst();
    if (own !== undefined) await forgetLog(context, own.id);
    await db.deleteFrom('run_questions').where('log', '=', row.log).where('run', '=', row.id).execute();
    await forgetRow(context, 'runs', 'run_channels', row);
  }
  return rows.length;
}

interface Closed {
  log: number;
  n: number;
  recipients: string;
}

/** Its channels are named: without them each deletion would walk all of its tenant's. */
async function forgetRow(
  { db }: WriteContext,
  table: 'questions' | 'runs',
  channels: 'question_channels' | 'run_channels',
  { log, n, recipients }: Closed,
): Promise<void> {
  const held = sql.join(JSON.parse(recipients) as string[]);
  await sql`
    delete from ${sql.table(channels)} where log = ${log} and channel in (${held}) and n = ${n}`.execute(db);
  await sql`delete from ${sql.table(table)} where log = ${log} and n = ${n}`.execute(db);
}

async function forgetLog(context: WriteContext, log: number): Promise<void> {
  const { db } = context;
  await deleteEvents(context, log, Number.MAX_SAFE_INTEGER);
  await uncountRun(context, log);
  await db.deleteFrom('run_tails').where('log', '=', log).execute();
  await db.deleteFrom('idempotency').where('log', '=', log).execute();
  await db.deleteFrom('logs').where('id', '=', log).execute();
}
