import { TICKET_GRACE_MS } from '@belfry/core';
import { sql } from 'kysely';
import type { WriteContext, WriteOp } from '../context.ts';
import { endsOfLog } from '../log/ends-of-log.ts';
import { DAY_MS } from '../log/idempotency.ts';
import { dropOldDeliveries } from '../webhooks/drop-deliveries.ts';
import { countRuns } from './run-sizes.ts';
import { type Due, type Trimmable, type Trimmed, trim } from './trim.ts';

const HOUR_MS = 3_600_000;

/** Their ids are 32-bit integers. */
const ALL_LOGS = { after: 0, limit: 2_147_483_647 };

export const retain: WriteOp<'retain'> = async (context, { maxAgeMs, maxBytes, limit, logs = ALL_LOGS }) => {
  const due = { oldestTime: context.now - maxAgeMs, maxBytes };
  const slice = await sliceOf(context, logs);
  const looked = await lookAt(context, slice, due);
  const { deleted, missed } = await trimDue(context, looked, due, limit);
  await countRuns(context, looked);
  // There may be more in these same logs.
  if (deleted >= limit) return { deleted, missed, next: logs.after };
  if (!slice.isLast) return { deleted, missed, next: slice.upTo };
  return { deleted: deleted + (await dropOthers(context, limit)), missed, next: null };
};

async function trimDue(context: WriteContext, looked: readonly Looked[], due: Due, limit: number): Promise<Trimmed> {
  const all = { deleted: 0, missed: 0, freed: 0 };
  for (const log of looked) {
    if (all.deleted >= limit) break;
    if (log.oldestTime >= due.oldestTime && log.total - log.gone <= due.maxBytes) continue;
    const { deleted, missed, freed } = await trim(context, log, due, limit - all.deleted);
    all.deleted += deleted;
    all.missed += missed;
    all.freed += freed;
  }
  return all;
}

async function dropOthers(context: WriteContext, limit: number): Promise<number> {
  const keys = await dropSpentKeys(context, limit);
  const tickets = await dropDeadTickets(context, limit);
  const streams = await dropDeadStreams(context, limit);
  return keys + tickets + streams + (await dropOldDeliveries(context, limit));
}

/** Logs after one and up to another. */
interface Slice {
  after: number;
  upTo: number;
  isLast: boolean;
}

/** With 100,000 logs to look at in one step all writes of an engine would wait for most of a second. */
async function sliceOf({ db }: WriteContext, { after, limit }: typeof ALL_LOGS): Promise<Slice> {
  if (limit === ALL_LOGS.limit) return { after, upTo: limit, isLast: true };
  const { rows } = await sql<{ last: number | null; count: number }>`
    select max(id) as last, count(*) as count from (
      select id from logs where id > ${after} order by id limit ${limit}) as t`.execute(db);
  const { last = null, count = 0 } = rows[0] ?? {};
  return { after, upTo: last ?? after, isLast: Number(count) < limit };
}

/** A log that something is to be done about: something in it is due, or it is a run's and was counted otherwise. */
interface Looked extends Trimmable {
  name: string;
  oldestTime: number;
}

/**
 * Ages and byte totals never fall as numbers rise: a log's oldest event tells whether anything is due. Left to itself
 * SQLite begins with all events, and looks for the end of their log at each.
 */
async function lookAt({ db, dialect }: WriteContext, { after, upTo }: Slice, due: Due): Promise<Looked[]> {
  const { rows } = await sql<Looked>`
    select l.id as log, l.tenant as name, o.n as oldest, o.time as "oldestTime", h.n as head, h.total_bytes as total,
      o.total_bytes - o.bytes as gone
    from logs l ${endsOfLog(dialect)} left join run_sizes s on s.log = l.id
    where l.id > ${after} and l.id <= ${upTo} and (
        (o.n < h.n and (o.time < ${due.oldestTime} or h.total_bytes - o.total_bytes + o.bytes > ${due.maxBytes}))
        or (l.tenant like '%/%' and h.total_bytes - h.bytes - o.total_bytes + o.bytes <> coalesce(s.bytes, 0)))`.execute(
    db,
  );
  return rows;
}

async function dropSpentKeys({ db, now }: WriteContext, limit: number): Promise<number> {
  const spent = db
    .selectFrom('idempotency')
    .select(['log', 'key'])
    .where('created_at', '<=', now - DAY_MS)
    .limit(limit);
  const { rows } = await sql`delete from idempotency where (log, key) in (${spent}) returning 1`.execute(db);
  return rows.length;
}

/** A process writes down every hour how far its streams were served. One that died goes on no more. */
async function dropDeadStreams({ db, now }: WriteContext, limit: number): Promise<number> {
  const { rows } = await sql<{ log: number; process: string; n: number }>`
    select log, process, n from reached where at <= ${now - 3 * HOUR_MS} limit ${Math.min(limit, 100)}`.execute(db);
  for (const { log, process, n } of rows) {
    await sql`
      update people set sent_n = ${n} where log = ${log} and sent_n < ${n}
        and person in (select person from streams where log = ${log} and process = ${process})`.execute(db);
    await db.deleteFrom('streams').where('log', '=', log).where('process', '=', process).execute();
    await db.deleteFrom('reached').where('log', '=', log).where('process', '=', process).execute();
  }
  return rows.length;
}

async function dropDeadTickets({ db, now }: WriteContext, limit: number): Promise<number> {
  const dead = db
    .selectFrom('tickets')
    .select('hash')
    .where('held', '=', 0)
    .where((where) =>
      where.or([
        where('expires_at', '<=', now),
        where('ended_at', '<=', now - TICKET_GRACE_MS),
        where.and([where('used_at', 'is', null), where('unused_until', '<=', now)]),
      ]),
    )
    .limit(limit);
  const { numDeletedRows } = await db.deleteFrom('tickets').where('hash', 'in', dead).executeTakeFirst();
  return Number(numDeletedRows);
}
