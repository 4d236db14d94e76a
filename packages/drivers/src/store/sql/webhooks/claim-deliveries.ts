import type { ClaimedDelivery, Writes } from '@belfry/core';
import { sql } from 'kysely';
import type { ReadOp, WriteContext, WriteOp } from '../context.ts';
import type { WebhookRow } from '../schema.ts';
import { secretsOf } from './webhooks.ts';

export const webhookWork: ReadOp<'webhookWork'> = async ({ db, now }) => {
  const owners = await db
    .selectFrom('webhooks as w')
    .innerJoin('logs', 'logs.id', 'w.log')
    .select('logs.tenant')
    .distinct()
    .execute();
  if (owners.length === 0) return { tenants: [], behind: false, dueInMs: null };
  const { rows } = await sql<{ behind: number; due: number | null }>`
    select
      (select count(*) from webhooks w where exists (select 1 from events e where e.log = w.log and e.n > w.n)) as behind,
      (select min(d.at) from webhook_deliveries d where d.status = 'pending') as due`.execute(db);
  const { behind = 0, due = null } = rows[0] ?? {};
  return {
    tenants: owners.map(({ tenant }) => tenant),
    behind: behind > 0,
    dueInMs: due === null ? null : Math.max(0, due - now),
  };
};

type Claim = Writes['claimDeliveries']['in'];

/** Webhook by webhook: a long queue to one never keeps another from being looked at. */
export const claimDeliveries: WriteOp<'claimDeliveries'> = async (context, claim) => {
  const deliveries: ClaimedDelivery[] = [];
  const failing = new Set(claim.failing);
  let failingLeft = claim.failingLimit;
  for (const webhook of await withWork(context, claim)) {
    const isFailing = failing.has(webhook.id);
    const most = claim.exceptions[webhook.id] ?? claim.each;
    const left = claim.limit - deliveries.length;
    const taken = await take(context, webhook, Math.min(most, left, isFailing ? failingLeft : left), claim.leaseMs);
    if (isFailing) failingLeft -= taken.length;
    deliveries.push(...taken);
  }
  return { deliveries };
};

/** Those that have something due and may have a place, who waits longest first. */
function withWork({ db, dialect, now }: WriteContext, claim: Claim): Promise<WebhookRow[]> {
  const full = Object.keys(claim.exceptions).filter((id) => claim.exceptions[id] === 0);
  const without = claim.failingLimit === 0 ? [...full, ...claim.failing] : full;
  const due = sql<number | null>`(
    select min(d.at) from webhook_deliveries d where d.webhook = w.id and d.status = 'pending')`;
  return db
    .selectFrom('webhooks as w')
    .selectAll('w')
    .where(due, '<=', now)
    .where(sql<boolean>`not ${dialect.inTexts(sql.ref('w.id'), without)}`)
    .orderBy(due)
    .limit(claim.limit)
    .execute();
}

/** Conditional, so that of two who find the same the second, when it has waited for the first, finds it taken. */
async function take(
  { db, now }: WriteContext,
  webhook: WebhookRow,
  most: number,
  leaseMs: number,
): Promise<ClaimedDelivery[]> {
  if (most <= 0) return [];
  const { id, url } = webhook;
  const secrets = secretsOf(webhook, now);
  const due = db
    .selectFrom('webhook_deliveries')
    .select('number')
    .where('webhook', '=', id)
    .where('status', '=', 'pending')
    .where('at', '<=', now)
    .orderBy('at')
    .orderBy('number')
    .limit(most);
  const rows = await db
    .updateTable('webhook_deliveries')
    .set({ at: now + leaseMs, attempts: sql`attempts + 1`, claim: sql`claim + 1` })
    .where('number', 'in', due)
    .where('status', '=', 'pending')
    .where('at', '<=', now)
    .returning(['id', 'number', 'claim', 'body', 'attempts'])
    .execute();
  rows.sort((one, other) => one.number - other.number);
  return rows.map((row) => ({
    id: row.id,
    claim: row.claim,
    webhook: id,
    url,
    secrets,
    body: row.body,
    attempt: row.attempts,
  }));
}

export const settleDelivery: WriteOp<'settleDelivery'> = async ({ db, now }, { id, claim, outcome }) => {
  await db
    .updateTable('webhook_deliveries')
    .set(resultOf(outcome, now))
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where('claim', '=', claim)
    .execute();
  return null;
};

function resultOf(outcome: Writes['settleDelivery']['in']['outcome'], now: number) {
  if (outcome.delivered) return { status: 'delivered', at: now, error: null } as const;
  const { error, retryInMs } = outcome;
  if (retryInMs === null) return { status: 'dead', at: now, error } as const;
  return { status: 'pending', at: now + retryInMs, error } as const;
}
