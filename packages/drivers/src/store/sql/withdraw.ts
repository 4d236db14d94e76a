import { BelfryError } from '@belfry/protocol';
import { sql } from 'kysely';
import type { WriteContext, WriteOp } from './context.ts';
import { LogWriter } from './log-writer.ts';
import { findLive } from './notifications.ts';
import type { NotificationRow } from './schema.ts';

export const withdraw: WriteOp<'withdraw'> = async (context, { tenant, id }) => {
  const log = await LogWriter.open(context, tenant);
  const row = await findLive(context, log.log, id);
  if (!row) throw noSuchNotification();
  await withdrawRow(context, log, row);
  await log.flush();
  return null;
};

export function noSuchNotification(): BelfryError {
  return new BelfryError('not_found', 'There is no notification with this id, or it was withdrawn or has expired.');
}

/** Takes the item out of every inbox, with all that people did with it, and appends the event that says so. */
export async function withdrawRow(context: WriteContext, log: LogWriter, row: NotificationRow): Promise<void> {
  const to: string[] = JSON.parse(row.recipients);
  const { db, dialect } = context;
  const byNumber = (table: 'notifications' | 'marks') =>
    db.deleteFrom(table).where('log', '=', row.log).where('n', '=', row.n).execute();
  await byNumber('notifications');
  await byNumber('marks');
  await db
    .deleteFrom('addressed')
    .where('log', '=', row.log)
    .where('n', '=', row.n)
    .where(dialect.inTexts(sql.ref('channel'), to))
    .execute();
  log.append('notification.withdrawn', to, JSON.stringify({ id: row.id }));
}

/** Sweeps what has expired. Until then it is already hidden from every list and count. */
export const expire: WriteOp<'expire'> = async (context, { limit }) => {
  const due = await context.db
    .selectFrom('notifications as i')
    .innerJoin('logs', 'logs.id', 'i.log')
    .selectAll('i')
    .select('logs.tenant')
    .where('i.expires_at', '<=', context.now)
    .orderBy('i.expires_at')
    .limit(limit)
    .execute();
  for (const [tenant, rows] of Map.groupBy(due, (row) => row.tenant)) {
    const log = await LogWriter.open(context, tenant);
    for (const row of rows) await withdrawRow(context, log, row);
    await log.flush();
  }
  return { expired: due.length };
};
