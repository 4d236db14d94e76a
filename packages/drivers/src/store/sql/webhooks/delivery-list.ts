import { isoTime, type WebhookDelivery } from '@belfry/core';
import type { ReadOp } from '../context.ts';
import type { DeliveryRow } from '../schema.ts';
import { findWebhook } from './webhooks.ts';

export const deliveries: ReadOp<'deliveries'> = async (context, { tenant, webhook, query }) => {
  if ((await findWebhook(context, tenant, webhook)) === undefined) return null;
  const { status, before, limit } = query;
  let found = context.db.selectFrom('webhook_deliveries').selectAll().where('webhook', '=', webhook);
  if (status !== undefined) found = found.where('status', '=', status);
  if (before !== null) found = found.where('number', '<', before);
  const rows = await found
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  return { items: items.map(toDelivery), nextCursor: rows.length > limit ? String(items.at(-1)?.number) : null };
};

export function toDelivery(row: Omit<DeliveryRow, 'number'>): WebhookDelivery {
  const at = isoTime(row.at);
  const isPending = row.status === 'pending';
  return {
    id: row.id,
    type: row.type,
    status: row.status,
    attempts: row.attempts,
    createdAt: isoTime(row.created_at),
    nextAt: isPending ? at : null,
    finishedAt: isPending ? null : at,
    error: row.error,
  };
}
