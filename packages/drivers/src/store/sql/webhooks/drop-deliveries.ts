import type { WebhookDeliveryStatus } from '@belfry/core';
import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';
import { DAY_MS } from '../log/idempotency.ts';

const DELIVERED_MS = 3 * DAY_MS;
/** Time to find out, to mend it and to drive them again. */
const DEAD_MS = 30 * DAY_MS;

/** Those that have ended and were kept long enough, and those of webhooks that were removed. */
export async function dropOldDeliveries(context: WriteContext, limit: number): Promise<number> {
  const delivered = await dropEnded(context, 'delivered', DELIVERED_MS, limit);
  const dead = await dropEnded(context, 'dead', DEAD_MS, limit);
  return delivered + dead + (await dropAbandoned(context, limit));
}

async function dropEnded(
  { db, now }: WriteContext,
  status: WebhookDeliveryStatus,
  keptMs: number,
  limit: number,
): Promise<number> {
  const old = db
    .selectFrom('webhook_deliveries')
    .select('number')
    .where('status', '=', status)
    .where('at', '<=', now - keptMs)
    .limit(limit);
  const { numDeletedRows } = await db.deleteFrom('webhook_deliveries').where('number', 'in', old).executeTakeFirst();
  return Number(numDeletedRows);
}

/** From one webhook to the next through the index: this costs with the webhooks, not with their deliveries. */
async function dropAbandoned({ db }: WriteContext, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from webhook_deliveries where number in (
      with recursive owners(id) as (
        select (select min(webhook) from webhook_deliveries)
        union all
        select (select min(d.webhook) from webhook_deliveries d where d.webhook > owners.id) from owners
        where owners.id is not null
      )
      select d.number from owners join webhook_deliveries d on d.webhook = owners.id
      where not exists (select 1 from webhooks w where w.id = owners.id) limit ${limit}
    ) returning 1`.execute(db);
  return rows.length;
}
