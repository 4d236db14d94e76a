import { BelfryError } from '@belfry/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { WriteContext, WriteOp } from '../context.ts';
import { isAt } from '../log/is-at.ts';
import { LogWriter } from '../log/log-writer.ts';
import { CHANNEL_KEY, type NotificationRow } from '../schema.ts';
import { keepData } from './notification-data.ts';
import { findLive } from './notifications.ts';

export const withdraw: WriteOp<'withdraw'> = async (context, { tenant, id }) => {
  const log = await LogWriter.open(context, tenant);
  const row = await findLive(context, log.log, id);
  if (!row) throw noSuchNotification();
  await withdrawRows(context, log, [row]);
  await log.flush();
  return null;
};

export function noSuchNotification(): BelfryError {
  return new BelfryError('not_found', 'There is no notification with this id, or it was withdrawn or has expired.');
}

export function withdrawRow(context: WriteContext, log: LogWriter, row: NotificationRow): Promise<void> {
  return withdrawRows(context, log, [row]);
}

/** Takes the items out of every inbox, with all that people did with them, and appends the events that say so. */
export async function withdrawRows(
  context: WriteContext,
  log: LogWriter,
  rows: readonly NotificationRow[],
): Promise<void> {
  const { db, dialect } = context;
  const found = rows.map((row) => row.n);
  await keepData(context, log.log, found);
  await keepChannels(context, log.log, found);
  // Keys are looked up first: left to itself SQLite finds the marks of an item by a walk over all marks of the tenant.
  const marks = dialect.hasKey('marks', ['log', 'person', 'n'], marksOfItems(context, log.log, found));
  await sql`delete from marks where ${marks}`.execute(db);
  const channels = dialect.hasKey('addressed', CHANNEL_KEY, channelsOfItems(context, log.log, found));
  await sql`delete from addressed where ${channels}`.execute(db);
  await withdrawFallbacks(context, log.log, found);
  await sql`delete from notifications where ${isAt(dialect, 'notifications', log.log, found)}`.execute(db);
  for (const { id, recipients } of rows) {
    log.append('notification.withdrawn', JSON.parse(recipients), JSON.stringify({ id }));
  }
}

/** Whoever sends one writes to it without the log's lock, so it is found by what it says and not by where it stands. */
async function withdrawFallbacks(
  { db, dialect }: WriteContext,
  log: number,
  numbers: readonly number[],
): Promise<void> {
  const those = sql`select t.value from ${dialect.numbers(numbers)}`;
  await sql`delete from fallbacks where log = ${log} and n in (${those})`.execute(db);
}

function marksOfItems({ dialect }: WriteContext, log: number, numbers: readonly number[]): RawBuilder<unknown> {
  return sql`select m.log, m.person, m.n from ${dialect.numbers(numbers)}
    ${dialect.lookUp('marks', 'm', sql`m.log = ${log} and m.n = t.value`)}`;
}

function channelsOfItems({ dialect }: WriteContext, log: number, numbers: readonly number[]): RawBuilder<unknown> {
  return sql`select i.log, e.value as channel, i.n from ${dialect.numbers(numbers)}
    ${dialect.lookUp('notifications', 'i', sql`i.log = ${log} and i.n = t.value`)}
    cross join ${dialect.elements(sql.ref('i.recipients'))}`;
}

/** Their events go on being found by their channels, where they are still there. */
async function keepChannels({ db, dialect }: WriteContext, log: number, numbers: readonly number[]): Promise<void> {
  await sql`
    insert into event_channels (log, channel, n)
    select i.log, e.value, i.n from ${dialect.numbers(numbers)}
    ${dialect.lookUp('events', 'i', sql`i.log = ${log} and i.n = t.value`)}
    cross join ${dialect.elements(sql.ref('i.recipients'))}`.execute(db);
}

/** Sweeps what has expired. Until then it is already hidden from every list and count. */
export async function withdrawExpired(context: WriteContext, limit: number): Promise<number> {
  const due = await context.db
    .selectFrom('notifications as i')
    .innerJoin('logs', 'logs.id', 'i.log')
    .select(['i.n', 'logs.tenant'])
    .where('i.expires_at', '<=', context.now)
    .orderBy('i.expires_at')
    .limit(limit)
    .execute();
  for (const [tenant, found] of Map.groupBy(due, (row) => row.tenant)) {
    const log = await LogWriter.open(context, tenant);
    const numbers = found.map((row) => row.n);
    const rows = await stillDue(context, log, numbers);
    if (rows.length === 0) continue;
    await withdrawRows(context, log, rows);
    await log.flush();
  }
  return due.length;
}

/** In the order of these numbers. Before the log was ours, others may have withdrawn some or given them more time. */
async function stillDue(context: WriteContext, log: LogWriter, numbers: readonly number[]): Promise<NotificationRow[]> {
  const { rows } = await sql<NotificationRow>`
    select i.* from ${context.dialect.numbers(numbers)}
    ${context.dialect.lookUp('notifications', 'i', sql`i.log = ${log.log} and i.n = t.value`)}
    where i.expires_at <= ${context.now}`.execute(context.db);
  const byNumber = new Map(rows.map((row) => [row.n, row]));
  return numbers.map((n) => byNumber.get(n)).filter((row) => row !== undefined);
}
