import type { Relayed } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import { sql } from 'kysely';
import type { ReadOp, WriteContext, WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import { appendDraft, appendEvent } from '../notifications/publish.ts';
import type { Tables } from '../schema.ts';
import { runCall } from './relayed-calls.ts';

export const outbox: ReadOp<'outbox'> = ({ db, dialect }, { limit, without }) =>
  db
    .selectFrom('outbox')
    .selectAll()
    .where(sql<boolean>`not ${dialect.inTexts(sql.ref('tenant'), without)}`)
    .orderBy('id')
    .limit(limit)
    .execute();

/**
 * What can be seen is taken, and not what comes after a position: a transaction that commits late is never passed over.
 * The log's lock is held, so of two relays the second finds the rows gone.
 */
export const relay: WriteOp<'relay'> = async (context, { tenant, rows }) => {
  let log = await LogWriter.open(context, tenant);
  const taken = await takeRows(
    context,
    rows.map(({ id }) => id),
    tenant,
  );
  const letters: Letter[] = [];
  for (const row of rows) {
    const found = taken.get(row.id);
    if (found === undefined) continue;
    const reason = await relayRow(context, tenant, log, row);
    if (reason !== null) letters.push({ ...found, reason });
    // A call of another kind has moved the log by itself.
    if ('call' in row) log = await LogWriter.open(context, tenant);
  }
  await log.flush();
  if (letters.length > 0) await context.db.insertInto('dead_letters').values(letters).execute();
  return { letters: letters.map(({ reason }) => reason) };
};

export const letOutboxDie: WriteOp<'letOutboxDie'> = async (context, { rows, reason }) => {
  const letters = [...(await takeRows(context, rows)).values()].map((found) => ({ ...found, reason }));
  if (letters.length > 0) await context.db.insertInto('dead_letters').values(letters).execute();
  return { letters: letters.length };
};

type OutboxContent = Omit<Tables['outbox'], 'id'>;
type Letter = OutboxContent & { reason: string };

/** Why it can't be done; null: it is. */
async function relayRow(context: WriteContext, tenant: string, log: LogWriter, row: Relayed): Promise<string | null> {
  if ('reason' in row) return row.reason;
  if ('draft' in row) await appendDraft(context, log, row.draft);
  else if ('event' in row) appendEvent(log, row.event);
  else {
    await log.flush();
    return refusalOf(() => runCall(context, tenant, row.call));
  }
  return null;
}

/** Each of these calls refuses before it writes anything, so nothing of one that is refused is left. */
async function refusalOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof BelfryError && !['unavailable', 'internal'].includes(error.code)) return error.message;
    throw error;
  }
}

/** Those that were still there. */
async function takeRows(
  { db, dialect }: WriteContext,
  rows: readonly number[],
  tenant?: string,
): Promise<Map<number, OutboxContent>> {
  const ids = sql`select t.value as id from ${dialect.numbers(rows)}`;
  const taken = await db
    .deleteFrom('outbox')
    .$if(tenant !== undefined, (query) => query.where('tenant', '=', tenant as string))
    .where(dialect.hasKey('outbox', ['id'], ids))
    .returningAll()
    .execute();
  return new Map(taken.map(({ id, ...content }) => [id, content]));
}
