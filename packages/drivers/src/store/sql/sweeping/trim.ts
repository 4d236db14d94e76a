import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';
import { deleteLongData } from '../log/long-data.ts';
import { OF_ITEM } from '../notifications/notification-data.ts';
import { CHANNEL_KEY } from '../schema.ts';

/** What is deleted: what is older than this, and what makes a log larger than that. */
export interface Due {
  oldestTime: number;
  maxBytes: number;
}

export interface Trimmable {
  log: number;
  oldest: number;
  head: number;
  /** Bytes of the log up to and with its newest event, ever. */
  total: number;
  /** Bytes of what has been deleted of it. */
  gone: number;
}

export interface Trimmed {
  deleted: number;
  freed: number;
  /** Webhooks that had not come to an event, for each event. */
  missed: number;
}

const NOTHING: Trimmed = { deleted: 0, freed: 0, missed: 0 };

/** Deletes what is due of a log, the oldest first and at most `limit`. Its newest stays: numbers go on from there. */
export async function trim(
  context: WriteContext,
  { log, oldest, head, total, gone }: Trimmable,
  { oldestTime, maxBytes }: Due,
  limit: number,
): Promise<Trimmed> {
  const { rows } = await sql<{ n: number; total_bytes: number }>`
    select n, total_bytes from events
    where log = ${log} and n < ${Math.min(head, oldest + limit)}
      and (time < ${oldestTime} or ${total} - total_bytes + bytes > ${maxBytes})
    order by n ${context.dialect.unheld}`.execute(context.db);
  const deleted = unbroken(rows, oldest);
  const last = rows[deleted - 1];
  if (last === undefined) return NOTHING;
  await deleteEvents(context, log, last.n);
  return { deleted, freed: last.total_bytes - gone, missed: await passWebhooks(context, log, last.n) };
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
  await sql`delete from event_channels where ${dialect.hasKey('event_channels', CHANNEL_KEY, keys)}`.execute(db);
  await deleteLongData(context, log, upTo);
  await db.deleteFrom('events').where('log', '=', log).where('n', '<=', upTo).execute();
}
