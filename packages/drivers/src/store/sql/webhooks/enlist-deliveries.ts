import { envelopeJson, type LogEvent } from '@belfry/core';
import { type Channel, EVERYTHING, formatCursor } from '@belfry/protocol';
import { sql } from 'kysely';
import type { ReadContext, WriteContext, WriteOp } from '../context.ts';
import { readLog } from '../log/log-pages.ts';
import type { WebhookRow } from '../schema.ts';
import { addDeliveries, type NewDelivery } from './add-deliveries.ts';

const PAGE_BYTES = 1_048_576;
/** Webhooks looked at in one step. */
const AT_ONCE = 100;

type Behind = WebhookRow & { tenant: string };

/**
 * One at a time does this, by the engine's lock. It needs no lock of a log: numbers are committed in their order, so
 * behind what can be seen nothing comes any more.
 */
export const enlistDeliveries: WriteOp<'enlistDeliveries'> = async (context, { limit, maxPending }) => {
  let moved = 0;
  // Those of a log that stand at the same number, as they mostly do, share the reading.
  const groups = Map.groupBy(await behind(context, maxPending), ({ log, n }) => `${log} ${n}`);
  // A part for each: the backlog of one tenant must not keep the single event of another waiting.
  const share = Math.max(1, Math.floor(limit / groups.size));
  for (const webhooks of groups.values()) {
    if (moved >= limit) break;
    moved += await moveOn(context, webhooks, share);
  }
  return { moved, busy: false };
};

async function moveOn(context: WriteContext, webhooks: readonly Behind[], limit: number): Promise<number> {
  const [{ tenant, n: after }] = webhooks as [Behind];
  const page = { log: tenant, after, upTo: Number.MAX_SAFE_INTEGER, grants: EVERYTHING, limit, maxBytes: PAGE_BYTES };
  const { events, upTo } = await readLog(context, page);
  if (upTo <= after) return 0;
  const ids = webhooks.map(({ id }) => id);
  await context.db.updateTable('webhooks').set({ n: upTo }).where('id', 'in', ids).where('n', '<', upTo).execute();
  await addDeliveries(
    context,
    webhooks,
    events.filter(isForOthers).map((event) => deliveryOf(context, event)),
  );
  return Math.max(1, events.length);
}

/** Drawn by lot: of more than fit in a step none is always among the last. */
function behind({ db }: WriteContext, maxPending: number): Promise<Behind[]> {
  return db
    .selectFrom('webhooks as w')
    .innerJoin('logs', 'logs.id', 'w.log')
    .selectAll('w')
    .select('logs.tenant')
    .where(sql<boolean>`exists (select 1 from events e where e.log = w.log and e.n > w.n)`)
    .where(
      sql<boolean>`not exists (select 1 from webhook_deliveries d where d.webhook = w.id and d.status = 'pending'
        limit 1 offset ${maxPending - 1})`,
    )
    .orderBy(sql`random()`)
    .limit(AT_ONCE)
    .execute();
}

/** What is only on channels of the system is between processes. */
function isForOthers({ to }: LogEvent): boolean {
  return to.some((channel) => !channel.startsWith('system:'));
}

/** The envelope as services have it on a stream, and around it what else a receiver without a stream needs. */
function deliveryOf({ epoch }: ReadContext, event: LogEvent): NewDelivery {
  const { tenant, to, type, time, n, check } = event;
  const around = { timestamp: time, tenant, to, cursor: formatCursor(epoch, { n, check }) };
  const envelope = envelopeJson(event, to[0] as Channel, 'service');
  return { n, type, body: `${JSON.stringify(around).slice(0, -1)},${envelope.slice(1)}` };
}
