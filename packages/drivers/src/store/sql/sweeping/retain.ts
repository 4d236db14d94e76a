import { TICKET_GRACE_MS } from '@belfry/core';
import { sql } from 'kysely';
import type { WriteContext, WriteOp } from '../context.ts';
import { DAY_MS } from '../log/idempotency.ts';
import { OF_ITEM } from '../notifications/notification-data.ts';
import { dropOldDeliveries } from '../webhooks/drop-deliveries.ts';

const HOUR_MS = 3_600_000;

/** Their ids are 32-bit integers. */
const ALL_LOGS = { after: 0, limit: 2_147_483_647 };

export const retain: WriteOp<'retain'> = async (context, { maxAgeMs, maxBytes, limit, logs = ALL_LOGS }) => {
  const oldestTime = context.now - maxAgeMs;
  const slice = await sliceOf(context, logs);
  let [deleted, missed] = [0, 0];
  for (const log of await logsToTrim(context, slice, oldestTime, maxBytes)) {
    if (deleted >= limit) break;
    const trimmed = await trim(context, log, oldestTime, maxBytes, limit - deleted);
    deleted += trimmed.deleted;
    missed += trimmed.missed;
  }
  // There may be more in these same logs.
  if (deleted >= limit) return { deleted, missed, next: logs.after };
  if (!slice.isLast) return { deleted, missed, next: slice.upTo };
  return { deleted: deleted + (await dropOthers(context, limit)), missed, next: null };
};

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

interface Trimmable {
  log: number;
  oldest: number;
  head: number;
  total: number;
}

/**
 * Ages and byte totals never fall as numbers rise: a log's oldest event tells whether anything is due. SQLite keeps to
 * the order of a `cross join`; left to itself it begins with all events, and looks for the end of their log at each.
 */
async function logsToTrim(
  context: WriteContext,
  { after, upTo }: Slice,
  oldestTime: number,
  maxBytes: number,
): Promise<Trimmable[]> {
  const { rows } = await sql<Trimmable>`
    select l.id as log, o.n as oldest, h.n as head, h.total_bytes as total
    from logs l cross join events h cross join events o
    where h.log = l.id and h.n = (select n from events where log = l.id order by n desc limit 1)
      and o.log = l.id and o.n = (select n from events where log = l.id order by n limit 1)
      and l.id > ${after} and l.id <= ${upTo} and o.n < h.n and (o.time < ${oldestTime} or h.total_bytes - o.total_bytes + o.bytes > ${maxBytes})`.execute(
    context.db,
  );
  return rows;
}

async function trim(
  context: WriteContext,
  { log, oldest, head, total }: Trimmable,
  oldestTime: number,
  maxBytes: number,
  limit: number,
): Promise<{ deleted: number; missed: number }> {
  const { rows } = await sql<{ n: number }>`
    select n from events
    where log = ${log} and n < ${Math.min(head, oldest + limit)}
      and (time < ${oldestTime} or ${total} - total_bytes + bytes > ${maxBytes})
    order by n ${context.dialect.unheld}`.execute(context.db);
  const deleted = unbroken(rows, oldest);
  if (deleted === 0) return { deleted: 0, missed: 0 };
  const upTo = oldest + deleted - 1;
  await deleteEvents(context, log, upTo);
  return { deleted, missed: await passWebhooks(context, log, upTo) };
}

/**
 * How many follow the oldest without a gap. Who writes out what an event said holds it, and may want another that is
 * held here: so nothing is waited for, and it goes the next time.
 */
function unbroken(rows: readonly { n: number }[], oldest: number): number {
  const end = rows.findIndex(({ n }, index) => n !== oldest + index);
  return end === -1 ? rows.length : end;
}

/** Webhooks that have not come so far go on behind what was deleted, and remember how much that was. */
async function passWebhooks({ db }: WriteContext, log: number, upTo: number): Promise<number> {
  const { rows } = await sql<{ missed: number }>`
    select coalesce(sum(${upTo} - n), 0) as missed from webhooks where log = ${log} and n < ${upTo}`.execute(db);
  const missed = Number(rows[0]?.missed ?? 0);
  if (missed === 0) return 0;
  await sql`
    update webhooks set missed = missed + (${upTo} - n), n = ${upTo} where log = ${log} and n < ${upTo}`.execute(db);
  return missed;
}

export async function deleteEvents(context: WriteContext, log: number, upTo: number): Promise<void> {
  const { db, dialect } = context;
  const keys = sql`select i.log, e.value as channel, i.n
    from events i cross join ${dialect.elements(sql.ref('i.recipients'))}
    where i.log = ${log} and i.n <= ${upTo} and i.data <> ${OF_ITEM}`;
  await dialect.deleteChannels('event_channels', keys).execute(db);
  await db.deleteFrom('events').where('log', '=', log).where('n', '<=', upTo).execute();
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
