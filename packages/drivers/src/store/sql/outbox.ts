import type { Relayed } from '@belfry/core';
import { sql } from 'kysely';
import type { ReadOp, WriteContext, WriteOp } from './context.ts';
import { LogWriter } from './log-writer.ts';
import { appendDraft, appendEvent } from './publish.ts';

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
  const log = await LogWriter.open(context, tenant);
  const taken = await takeRows(context, tenant, rows);
  for (const row of rows) {
    if (!taken.has(row.id)) continue;
    if ('draft' in row) await appendDraft(context, log, row.draft);
    else if ('event' in row) appendEvent(log, row.event);
  }
  await log.flush();
  return null;
};

/** Those that were still there. What can't be delivered moves to the dead letters. */
async function takeRows({ db, dialect }: WriteContext, tenant: string, rows: readonly Relayed[]): Promise<Set<number>> {
  const asked = dialect.numbers(rows.map((row) => row.id));
  const taken = await db
    .deleteFrom('outbox')
    .where('tenant', '=', tenant)
    .where('id', 'in', sql<number>`(select t.value from ${asked})`)
    .returningAll()
    .execute();
  const reasons = new Map(rows.flatMap((row) => ('reason' in row ? [[row.id, row.reason] as const] : [])));
  taken.sort((one, other) => one.id - other.id);
  const letters = taken.flatMap(({ id, ...row }) => {
    const reason = reasons.get(id);
    return reason === undefined ? [] : [{ ...row, reason }];
  });
  if (letters.length > 0) await db.insertInto('dead_letters').values(letters).execute();
  return new Set(taken.map(({ id }) => id));
}
