import { sql } from 'kysely';
import type { WriteContext, WriteOp } from '../context.ts';
import { withdrawExpired } from '../notifications/withdraw.ts';
import { expireQuestions } from '../questions/expire.ts';
import { interruptSilent } from '../runs/interrupt.ts';

/** Questions first: they are fewer, and someone waits for each. Where nothing is due, as most of the time, one look is all. */
export const expire: WriteOp<'expire'> = async (context, { limit }) => {
  const first = await firstDue(context);
  if (first === null || first > context.now) {
    return { expired: 0, nextInMs: first === null ? null : first - context.now };
  }
  const questions = await expireQuestions(context, limit);
  const runs = questions < limit ? await interruptSilent(context, limit - questions) : 0;
  const left = limit - questions - runs;
  const expired = questions + runs + (left > 0 ? await withdrawExpired(context, left) : 0);
  return { expired, nextInMs: 0 };
};

/** When the first of all is due: the first entry of each of three indexes. */
async function firstDue({ db }: WriteContext): Promise<number | null> {
  const { rows } = await sql<Record<'question' | 'run' | 'item', number | null>>`
    select
      (select q.expires_at from questions q where q.status = 'open' and q.expires_at is not null
        order by q.expires_at limit 1) as question,
      (select t.due from run_tails t where t.due is not null order by t.due limit 1) as run,
      (select i.expires_at from notifications i where i.expires_at is not null
        order by i.expires_at limit 1) as item`.execute(db);
  const [{ question, run, item } = NOTHING] = rows;
  const due = [question, run, item].filter((at) => at !== null);
  return due.length === 0 ? null : Math.min(...due);
}

const NOTHING = { question: null, run: null, item: null };
