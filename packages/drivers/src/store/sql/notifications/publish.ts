import { createdBy, type Fallback, type NotificationDraft } from '@belfry/core';
import { type Channel, invalid, type Position } from '@belfry/protocol';
import type { WriteContext, WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import { contentIn, notificationData } from './notification-data.ts';
import { contentJson, rowOf } from './notification-row.ts';
import { withdrawRow } from './withdraw.ts';

export const publish: WriteOp<'publish'> = async (context, { tenant, drafts }) => {
  const log = await LogWriter.open(context, tenant);
  for (const draft of drafts) {
    // A promise for each would be most of what a plain one costs.
    if (isPlain(draft)) append(log, draft);
    else await appendDraft(context, log, draft);
    if (log.isLarge) await log.flush();
  }
  await log.flush();
  return createdBy(context.events);
};

export const emit: WriteOp<'emit'> = async (context, { tenant, to, type, data }) => {
  const log = await LogWriter.open(context, tenant);
  const position = appendEvent(log, { to, type, data });
  await log.flush();
  return { cursor: log.cursor(position) };
};

/** Whether it needs nothing but the end of its log. */
export function isPlain({ dedupeKey, fallback }: Pick<NotificationDraft, 'dedupeKey' | 'fallback'>): boolean {
  return (dedupeKey ?? null) === null && (fallback ?? null) === null;
}

/** Nothing is in the database before the log is flushed. */
export async function appendDraft(context: WriteContext, log: LogWriter, draft: NotificationDraft): Promise<void> {
  if (draft.dedupeKey !== null) await withdrawEarlier(context, log, draft.dedupeKey);
  append(log, draft);
  if (draft.fallback != null) await keepFallback(context, log, draft.fallback);
}

async function keepFallback(
  { db }: WriteContext,
  { log, head, at }: LogWriter,
  { afterSeconds, until }: Fallback,
): Promise<void> {
  const row = { log, n: head, until, due_at: at + afterSeconds * 1_000, after: '', error: null };
  await db.insertInto('fallbacks').values(row).execute();
}

export function appendEvent(log: LogWriter, event: { to: readonly Channel[]; type: string; data: string }): Position {
  return log.append(event.type, distinct(event.to), event.data);
}

/** The content holds the position of its own event, so the number is given first. */
function append(log: LogWriter, draft: NotificationDraft): void {
  const to = distinct(draft.to);
  const position = log.next();
  const data = notificationData(contentJson(draft, log, position));
  const item = rowOf(log, position, draft, to, contentIn(data));
  log.appendItem({ type: 'notification.created', to, data, position, item });
}

function distinct(to: readonly Channel[]): Channel[] {
  if (to.length === 0) throw invalid('to', 'Nothing was said about who it is for. Name at least one channel in to.');
  return to.length === 1 ? [...to] : [...new Set(to)];
}

async function withdrawEarlier(context: WriteContext, log: LogWriter, dedupeKey: string): Promise<void> {
  // The earlier one may stand in this same batch.
  await log.flush();
  const earlier = await context.db
    .selectFrom('notifications')
    .selectAll()
    .where('log', '=', log.log)
    .where('dedupe_key', '=', dedupeKey)
    .executeTakeFirst();
  if (earlier) await withdrawRow(context, log, earlier);
}
