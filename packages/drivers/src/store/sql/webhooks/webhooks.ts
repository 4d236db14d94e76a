import { isoTime, type Webhook } from '@belfry/core';
import { BelfryError, invalid, LIMITS } from '@belfry/protocol';
import type { ReadContext, ReadOp, WriteContext, WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import { findLog } from '../log/position.ts';
import type { WebhookRow } from '../schema.ts';

/** Each is a signature in every request. */
const MOST_OLD = 4;

export const webhooks: ReadOp<'webhooks'> = async (context, { tenant }) => {
  const log = await findLog(context, tenant);
  return log === null ? [] : (await webhooksOf(context, log)).map(toWebhook);
};

/** The log's lock is held, so that no two make the last one that may be. */
export const addWebhook: WriteOp<'addWebhook'> = async (context, { tenant, id, url, events, secret }) => {
  const log = await LogWriter.open(context, tenant);
  if ((await webhooksOf(context, log.log)).length >= LIMITS.webhooks) throw tooMany();
  const patterns = JSON.stringify(events);
  const row = {
    id,
    log: log.log,
    url,
    events: patterns,
    secret,
    old_secrets: '[]',
    n: log.head,
    missed: 0,
    created_at: context.now,
  };
  await context.db.insertInto('webhooks').values(row).execute();
  return { webhook: toWebhook(row) };
};

/** The log's lock is held, so that of two none is lost. Who takes a secret back at once takes back those before it too. */
export const rotateSecret: WriteOp<'rotateSecret'> = async (context, { tenant, id, secret, overlapMs }) => {
  await LogWriter.open(context, tenant);
  const row = await requireWebhook(context, tenant, id);
  const until = context.now + overlapMs;
  const earlier = oldSecrets(row).map((one) => ({ ...one, until: Math.min(one.until, until) }));
  const old = [{ secret: row.secret, until }, ...earlier].filter((one) => one.until > context.now);
  const change = { secret, old_secrets: JSON.stringify(old.slice(0, MOST_OLD)) };
  await context.db.updateTable('webhooks').set(change).where('id', '=', id).execute();
  return { webhook: toWebhook(row) };
};

/** What deliveries are signed with at this moment, newest first. */
export function secretsOf(row: WebhookRow, now: number): string[] {
  const old = oldSecrets(row).filter(({ until }) => until > now);
  return [row.secret, ...old.map(({ secret }) => secret)];
}

function oldSecrets({ old_secrets }: WebhookRow): { secret: string; until: number }[] {
  return JSON.parse(old_secrets);
}

/** Its deliveries are no longer found by anyone; a clean-up deletes them in small steps. */
export const removeWebhook: WriteOp<'removeWebhook'> = async (context, { tenant, id }) => {
  const { id: found } = await requireWebhook(context, tenant, id);
  await context.db.deleteFrom('webhooks').where('id', '=', found).execute();
  return null;
};

/** @throws BelfryError `not_found`. */
export async function requireWebhook(context: WriteContext, tenant: string, id: string): Promise<WebhookRow> {
  const found = await findWebhook(context, tenant, id);
  if (found === undefined) throw new BelfryError('not_found', 'There is no webhook with this id here.');
  return found;
}

export async function findWebhook(context: ReadContext, tenant: string, id: string): Promise<WebhookRow | undefined> {
  const log = await findLog(context, tenant);
  const found = context.db
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', id)
    .where('log', '=', log ?? 0);
  return log === null ? undefined : found.executeTakeFirst();
}

/** Oldest first. */
export function webhooksOf({ db }: ReadContext, log: number): Promise<WebhookRow[]> {
  const found = db.selectFrom('webhooks').selectAll().where('log', '=', log);
  return found.orderBy('created_at').orderBy('id').execute();
}

function toWebhook({ id, url, events, missed, created_at }: WebhookRow): Webhook {
  return { id, url, events: JSON.parse(events), missed, createdAt: isoTime(created_at) };
}

function tooMany(): BelfryError {
  return invalid('body', `This tenant has ${LIMITS.webhooks} webhooks, and may have no more. Remove one first.`);
}
