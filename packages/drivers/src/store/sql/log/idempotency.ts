import { type Idempotency, resultJson, type Writes } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import type { ReadContext, ReadOp, WriteContext } from '../context.ts';
import type { Appender, KeptResult } from './appender.ts';
import { findLog } from './position.ts';

export const DAY_MS = 24 * 3_600_000;

/**
 * The first result of this key, as it was; undefined where the key is new or older than a day.
 *
 * @throws BelfryError `idempotency_mismatch` where the key came with another request.
 */
export async function findResult(
  context: Pick<ReadContext, 'db' | 'now'> & { appender?: Pick<Appender, 'results'> },
  log: number,
  { key, fingerprint }: Idempotency,
): Promise<{ out: unknown } | undefined> {
  const results = context.appender?.results;
  const seen = results ? results.find(log, key) : await findRow(context, log, key);
  if (!seen || seen.created_at <= context.now - DAY_MS) return undefined;
  if (seen.fingerprint !== fingerprint) throw mismatch();
  return { out: JSON.parse(seen.result) };
}

function findRow({ db }: Pick<ReadContext, 'db'>, log: number, key: string): Promise<KeptResult | undefined> {
  return db.selectFrom('idempotency').selectAll().where('log', '=', log).where('key', '=', key).executeTakeFirst();
}

export const firstPublished: ReadOp<'firstPublished'> = async (context, { tenant, idempotency }) => {
  const log = await findLog(context, tenant);
  const first = log === null ? undefined : await findResult(context, log, idempotency);
  return first === undefined ? null : (first.out as Writes['publish']['out']);
};

export async function keepResult(
  context: WriteContext,
  log: number,
  { key, fingerprint }: Idempotency,
  out: unknown,
): Promise<void> {
  const row = { fingerprint, result: resultJson(out), created_at: context.now };
  const { results } = context.appender;
  if (results) return results.keep(log, key, row);
  await context.db
    .insertInto('idempotency')
    .values({ log, key, ...row })
    .onConflict((conflict) => conflict.columns(['log', 'key']).doUpdateSet(row))
    .execute();
}

function mismatch(): BelfryError {
  return new BelfryError(
    'idempotency_mismatch',
    'This Idempotency-Key was used for another request within the last 24 hours. Use a new key for a new request.',
  );
}
