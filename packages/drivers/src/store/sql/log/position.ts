import type { Located } from '@belfry/core';
import { ORIGIN, type Position } from '@belfry/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { ReadContext, ReadOp } from '../context.ts';

/** The number of a log, or a question for it. */
export type LogNumber = number | RawBuilder<number | null>;

/** For what is asked together with the number itself. There is nothing in it where there is no such log. */
export function logNamed(tenant: string): RawBuilder<number | null> {
  return sql`(select l.id from logs l where l.tenant = ${tenant})`;
}

/** Null: nothing was ever appended for this tenant. */
export async function findLog(context: ReadContext, tenant: string): Promise<number | null> {
  const row = await context.db.selectFrom('logs').select('id').where('tenant', '=', tenant).executeTakeFirst();
  return row?.id ?? null;
}

/** The same with where it ends, by one question. */
export async function findLogAndHead(
  { db }: ReadContext,
  tenant: string,
): Promise<{ log: number | null; head: Position }> {
  const newest = sql`from events where log = logs.id order by n desc limit 1`;
  const { rows } = await sql<{ id: number; n: number | null; check_value: string | null }>`
    select id, (select n ${newest}) as n, (select check_value ${newest}) as check_value
    from logs where tenant = ${tenant}`.execute(db);
  const [row] = rows;
  if (row === undefined) return { log: null, head: ORIGIN };
  const { id: log, n, check_value: check } = row;
  return { log, head: n === null || check === null ? ORIGIN : { n, check } };
}

export async function headOf(context: ReadContext, log: number | null): Promise<Position> {
  if (log === null) return ORIGIN;
  const row = await context.db
    .selectFrom('events')
    .select(['n', 'check_value'])
    .where('log', '=', log)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? { n: row.n, check: row.check_value } : ORIGIN;
}

/** Where a log ends, and the oldest of it that is still there. */
export async function endsOf({ db }: ReadContext, log: number): Promise<{ head: number; oldest: number }> {
  const { rows } = await sql<{ head: number | null; oldest: number | null }>`
    select (select max(n) from events where log = ${log}) as head,
      (select min(n) from events where log = ${log}) as oldest`.execute(db);
  return { head: rows[0]?.head ?? ORIGIN.n, oldest: rows[0]?.oldest ?? ORIGIN.n };
}

/** The check value stored at `n`; null where there is no event. */
export async function checkAt(context: ReadContext, log: number, n: number): Promise<string | null> {
  if (n === ORIGIN.n) return ORIGIN.check;
  const row = await context.db
    .selectFrom('events')
    .select('check_value')
    .where('log', '=', log)
    .where('n', '=', n)
    .executeTakeFirst();
  return row?.check_value ?? null;
}

export const locate: ReadOp<'locate'> = async (context, { log: name, n }): Promise<Located> => {
  const { log, head } = await findLogAndHead(context, name);
  if (log === null) return { head, check: n === ORIGIN.n ? ORIGIN.check : null, oldest: 1 };
  return { head, check: await checkAt(context, log, n), oldest: (await oldestOf(context, log)) ?? head.n + 1 };
};

async function oldestOf(context: ReadContext, log: number): Promise<number | undefined> {
  const query = context.db.selectFrom('events').select('n').where('log', '=', log).orderBy('n').limit(1);
  return (await query.executeTakeFirst())?.n;
}
