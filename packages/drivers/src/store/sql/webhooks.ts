import { isoTime, type Webhook } from '@belfry/core';
import { BelfryError, invalid, LIMITS } from '@belfry/protocol';
import type { ReadContext, ReadOp, WriteContext, WriteOp } from './context.ts';
import { LogWriter } from './log-writer.ts';
import { findLog } from './position.ts';
import type { WebhookRow } from './schema.ts';

export const webhooks: ReadOp<'webhooks'> = async (context, { tenant }) => {
  const log = await findLog(context, tenant);
  return log === null ? [] : (await webhooksOf(context, log)).map(toWebhook);
};

/** The log's lock is held, so that no two make the last one that may be. */
export const addWebhook: WriteOp<'addWebhook'> = async (context, { tenant, id, url, events, secret }) => {
  const log = await LogWriter.open(context, tenant);
  if ((await webhooksOf(context, log.log)).length >= LIMITS.webhooks) throw tooMany();
  const patterns = JSON.stringify(events);
  const row = { id, log: log.log, url, events: patterns, secret, n: log.head, missed: 0, created_at: context.now };
  await context.db.insertInto('webhooks').values(row).execute();
  return { webhook: toWebhook(row) };
};

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
