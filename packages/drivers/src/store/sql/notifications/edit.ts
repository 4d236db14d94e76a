import type { NotificationContent } from '@belfry/protocol';
import type { WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import { keepData, notificationData } from './notification-data.ts';
import { filterColumns, toService } from './notification-row.ts';
import { findLive } from './notifications.ts';
import { noSuchNotification } from './withdraw.ts';

export const edit: WriteOp<'edit'> = async (context, { tenant, id, patch }) => {
  const log = await LogWriter.open(context, tenant);
  const row = await findLive(context, log.log, id);
  if (!row) throw noSuchNotification();
  const before: NotificationContent = JSON.parse(row.content);
  const to: string[] = JSON.parse(row.recipients);
  if (Object.keys(patch).length === 0) return { notification: toService(before, to) };
  const content: NotificationContent = { ...before, ...patch, updatedAt: log.time };
  const json = JSON.stringify(content);
  await keepData(context, row.log, [row.n]);
  await context.db
    .updateTable('notifications')
    .set({ content: json, ...filterColumns(content) })
    .where('log', '=', row.log)
    .where('n', '=', row.n)
    .execute();
  log.append('notification.updated', to, notificationData(json));
  await log.flush();
  return { notification: toService(content, to) };
};
