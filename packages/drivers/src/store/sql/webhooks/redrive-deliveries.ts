import { BelfryError } from '@belfry/protocol';
import { sql } from 'kysely';
import type { WriteContext, WriteOp } from '../context.ts';
import { toDelivery } from './delivery-list.ts';
import { requireWebhook } from './webhooks.ts';

export const redriveDelivery: WriteOp<'redriveDelivery'> = async (context, { tenant, webhook, id }) => {
  await requireWebhook(context, tenant, webhook);
  const row = await asNew(context)
    .where('webhook', '=', webhook)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw noDelivery();
  return { delivery: toDelivery(row) };
};

export const redriveDead: WriteOp<'redriveDead'> = async (context, { tenant, webhook, limit }) => {
  await requireWebhook(context, tenant, webhook);
  const dead = context.db
    .selectFrom('webhook_deliveries')
    .select('number')
    .where('webhook', '=', webhook)
    .where('status', '=', 'dead')
    .orderBy('at')
    .limit(limit);
  const { numUpdatedRows } = await asNew(context)
    .where('number', 'in', dead)
    .where('status', '=', 'dead')
    .executeTakeFirst();
  return { redriven: Number(numUpdatedRows) };
};

/** Due now, with all of its tries. What comes of a try that is under way no longer counts. */
function asNew({ db, now }: WriteContext) {
  const fresh = { status: 'pending', at: now, attempts: 0, claim: sql<number>`claim + 1`, error: null } as const;
  return db.updateTable('webhook_deliveries').set(fresh);
}

function noDelivery(): BelfryError {
  return new BelfryError(
    'not_found',
    'There is no delivery with this id; those that have ended are kept for a time only.',
  );
}
