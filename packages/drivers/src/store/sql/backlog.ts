import { type RawBuilder, sql } from 'kysely';
import type { ReadContext, ReadOp } from './context.ts';

/** For operators, who need to know that it is many and not how many. */
export const outboxBacklog: ReadOp<'outboxBacklog'> = async (context, { cap }) => ({
  waiting: await countTo(context, cap, sql`outbox`),
  dead: await countTo(context, cap, sql`dead_letters`),
});

export const deliveryBacklog: ReadOp<'deliveryBacklog'> = async (context, { cap }) => ({
  waiting: await countTo(context, cap, sql`webhook_deliveries where status = 'pending'`),
  dead: await countTo(context, cap, sql`webhook_deliveries where status = 'dead'`),
});

async function countTo({ db }: ReadContext, cap: number, of: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select 1 from ${of} limit ${cap}) as t`.execute(db);
  return Number(rows[0]?.count ?? 0);
}
