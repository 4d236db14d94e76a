import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';
import type { LogWriter } from '../log/log-writer.ts';
import type { QuestionRow } from '../schema.ts';
import { closeRows } from './close.ts';
import { isDue, questionOf, recipientsOf } from './row.ts';

/**
 * What services have asked about a run that has finished is cancelled: nobody waits for the answer any more. What is due
 * has expired already, and the sweep says so. Says it in the log that it is given, and leaves the flush to who has it.
 */
export async function endWithRun(context: WriteContext, log: LogWriter, run: string): Promise<void> {
  const rows = (await noLongerAwaited(context, log, run)).filter((row) => !isDue(row, context.now));
  if (rows.length === 0) return;
  await closeRows(context, log, rows, 'cancelled');
  for (const row of rows) {
    const question = questionOf({ ...row, status: 'cancelled' });
    log.append('question.cancelled', recipientsOf(row), JSON.stringify({ question, reason: 'run_finished' }));
  }
}

/** Those that are still open, in the order in which they were asked. */
async function noLongerAwaited({ db, dialect }: WriteContext, { log }: LogWriter, run: string): Promise<QuestionRow[]> {
  const { rows: awaited } = await sql<{ n: number }>`
    delete from run_questions where log = ${log} and run = ${run} returning n`.execute(db);
  if (awaited.length === 0) return [];
  const { rows } = await sql<QuestionRow>`
    select q.* from ${dialect.numbers(awaited.map(({ n }) => n))}
    ${dialect.lookUp('questions', 'q', sql`q.log = ${log} and q.n = t.value`)}
    where q.status = 'open' order by q.n`.execute(db);
  return rows;
}
