import { isoTime } from '@belfry/core';
import type { Channel, NotificationContent } from '@belfry/protocol';
import type { ReadContext, WriteContext, WriteOp } from '../context.ts';
import { type Person, peopleNamed } from '../delivery-status/people.ts';
import { recipientsAfter } from '../delivery-status/recipient-names.ts';
import { findByNumber } from '../notifications/notifications.ts';
import type { FallbackRow, NotificationRow } from '../schema.ts';
import { addDeliveries } from '../webhooks/add-deliveries.ts';
import { webhooksOf } from '../webhooks/webhooks.ts';

/** The type of its deliveries. */
export const FALLBACK = 'notification.fallback';
const NO_WEBHOOK = 'No webhook of this tenant wants notification.fallback.';
/** People of one delivery. */
const USERS = 100;
/** People that one step looks at. */
const STEP = 1_000;

type Due = FallbackRow & { tenant: string };

/**
 * Hands those who have not seen (or read) a notification in time to the webhooks. One at a time does this, by the
 * engine's lock; where it stopped stands in the row, so that a crash neither loses nor repeats anybody.
 */
export const fallBack: WriteOp<'fallBack'> = async (context, { limit }) => {
  const nextInMs = await soonestIn(context);
  // As most of the time: one look is all.
  if (nextInMs === null || nextInMs > 0) return { done: 0, nextInMs };
  const due = await dueRows(context, limit);
  for (const row of due) await take(context, row);
  return { done: due.length, nextInMs: 0 };
};

/** When the first of all is due. */
async function soonestIn({ db, now }: ReadContext): Promise<number | null> {
  const soonest = db
    .selectFrom('fallbacks')
    .select('due_at')
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .limit(1);
  const at = (await soonest.executeTakeFirst())?.due_at ?? null;
  return at === null ? null : Math.max(0, at - now);
}

function dueRows({ db, now }: ReadContext, limit: number): Promise<Due[]> {
  return db
    .selectFrom('fallbacks as f')
    .innerJoin('logs', 'logs.id', 'f.log')
    .selectAll('f')
    .select('logs.tenant')
    .where('f.due_at', '<=', now)
    .orderBy('f.due_at')
    .limit(limit)
    .execute();
}

async function take(context: WriteContext, row: Due): Promise<void> {
  const item = await findByNumber(context, row.log, row.n);
  if (item === undefined) return forget(context, row);
  const webhooks = await webhooksOf(context, row.log);
  const wanting = webhooks.filter(({ events }) => wants(events));
  if (wanting.length === 0) return goOn(context, row, { due_at: null, error: NO_WEBHOOK });
  const to = JSON.parse(item.recipients) as Channel[];
  const { found, last } = await recipientsAfter(context, row.log, to, row.after, STEP);
  const people = await peopleNamed(
    context,
    item,
    found.map(({ name }) => name),
  );
  const waiting = people.filter((person) => !isReached(person, row.until)).map(({ name }) => name);
  for (let from = 0; from < waiting.length; from += USERS) {
    const body = bodyOf(context, row, item, to, waiting.slice(from, from + USERS));
    await addDeliveries(context, wanting, [{ type: FALLBACK, body, n: row.n }]);
  }
  await goOn(context, row, last === null ? { due_at: null } : { after: last });
}

function wants(events: string): boolean {
  const patterns = JSON.parse(events) as string[];
  return patterns.some((one) => (one.endsWith('*') ? FALLBACK.startsWith(one.slice(0, -1)) : one === FALLBACK));
}

function isReached({ seenAt, readAt, archivedAt }: Person, until: FallbackRow['until']): boolean {
  return readAt !== null || archivedAt !== null || (until === 'seen' && seenAt !== null);
}

async function goOn({ db }: WriteContext, { log, n }: Due, change: Partial<FallbackRow>): Promise<void> {
  await db.updateTable('fallbacks').set(change).where('log', '=', log).where('n', '=', n).execute();
}

async function forget({ db }: WriteContext, { log, n }: Due): Promise<void> {
  await db.deleteFrom('fallbacks').where('log', '=', log).where('n', '=', n).execute();
}

function bodyOf(
  { now }: ReadContext,
  { tenant, until }: Due,
  { content }: NotificationRow,
  to: readonly Channel[],
  users: readonly string[],
): string {
  const notification = JSON.parse(content) as NotificationContent;
  return JSON.stringify({
    type: FALLBACK,
    timestamp: isoTime(now),
    tenant,
    to,
    cursor: notification.cursor,
    data: { notification: { ...notification, channel: to[0], to }, until, users },
  });
}
