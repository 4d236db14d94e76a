import { TICKET_GRACE_MS } from '@belfry/core';
import { sql } from 'kysely';
import type { WriteContext, WriteOp } from './context.ts';
import { dropOldDeliveries } from './drop-deliveries.ts';
import { DAY_MS } from './idempotency.ts';

const HOUR_MS = 3_600_000;

export const retain: WriteOp<'retain'> = async (context, { maxAgeMs, maxBytes, limit }) => {
  let [deleted, missed] = [0, 0];
  for (const log of await logsToTrim(context, context.now - maxAgeMs, maxBytes)) {
    if (deleted >= limit) break;
    const trimmed = await trim(context, log, context.now - maxAgeMs, maxBytes, limit - deleted);
    deleted += trimmed.deleted;
    missed += trimmed.missed;
  }
  deleted += await dropSpentKeys(context, limit);
  deleted += await dropDeadTickets(context, limit);
  deleted += await dropDeadStreams(context, limit);
  deleted += await dropOldDeliveries(context, limit);
  return { deleted, missed };
};

interface Trimmable {
  log: number;
  head: number;
  total: number;
}

/** Ages and byte totals never fall as numbers rise: a log's oldest event tells whether anything is due. */
async function logsToTrim(context: WriteContext, oldestTime: number, maxBytes: number): Promise<Trimmable[]> {
  const { rows } = await sql<Trimmable>`
    select l.id as log, h.n as head, h.total_bytes as total
    from logs l
    join events h on h.log = l.id and h.n = (select max(n) from events where log = l.id)
    join events o on o.log = l.id and o.n = (select min(n) from events where log = l.id)
    where o.n < h.n and (o.time < ${oldestTime} or h.total_bytes - o.total_bytes + o.bytes > ${maxBytes})`.execute(
    context.db,
  );
  return rows;
}

async function trim(
  context: WriteContext,
  { log, head, total }: Trimmable,
  oldestTime: number,
  maxBytes: number,
  limit: number,
): Promise<{ deleted: number; missed: number }> {
  const { rows } = await sql<{ upTo: number | null; number: number }>`
    select max(n) as "upTo", count(*) as number
    from (select n, time, bytes, total_bytes from events where log = ${log} order by n limit ${limit}) as oldest
    where n < ${head} and (time < ${oldestTime} or ${total} - total_bytes + bytes > ${maxBytes})`.execute(context.db);
  const due = rows[0];
  if (due?.upTo == null) return { deleted: 0, missed: 0 };
  await deleteEvents(context, log, due.upTo);
  return { deleted: due.number, missed: await passWebhooks(context, log, due.upTo) };
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
  await sql`
    delete from event_channels where (log, channel, n) in (
      select i.log, e.value, i.n from events i cross join ${dialect.elements(sql.ref('i.recipients'))}
      where i.log = ${log} and i.n <= ${upTo})`.execute(db);
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
