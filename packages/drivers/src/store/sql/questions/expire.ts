import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import type { QuestionRow } from '../schema.ts';
import { closeRows } from './close.ts';
import { goOn } from './of-run.ts';
import { questionData, questionOf, recipientsOf } from './row.ts';

/** Ends what is due, the longest first. Until then nobody can answer it any more. */
export async function expireQuestions(context: WriteContext, limit: number): Promise<number> {
  // The status stands in the text, as it does in the index.
  const due = await context.db
    .selectFrom('questions as q')
    .innerJoin('logs', 'logs.id', 'q.log')
    .select(['q.n', 'logs.tenant'])
    .where('q.expires_at', '<=', context.now)
    .where(sql<boolean>`q.status = 'open'`)
    .orderBy('q.expires_at')
    .limit(limit)
    .execute();
  for (const [tenant, found] of Map.groupBy(due, (row) => row.tenant)) {
    const log = await LogWriter.open(context, tenant);
    const rows = await stillDue(
      context,
      log,
      found.map((row) => row.n),
    );
    if (rows.length > 0) await expireRows(context, log, rows);
  }
  return due.length;
}

/** Before the log was ours, some may have been answered or given more time. */
async function stillDue(context: WriteContext, log: LogWriter, numbers: readonly number[]): Promise<QuestionRow[]> {
  const { rows } = await sql<QuestionRow>`
    select q.* from ${context.dialect.numbers(numbers)}
    ${context.dialect.lookUp('questions', 'q', sql`q.log = ${log.log} and q.n = t.value`)}
    where q.status = 'open' and q.expires_at <= ${context.now}
    order by q.expires_at, q.n`.execute(context.db);
  return rows;
}

async function expireRows(context: WriteContext, log: LogWriter, rows: QuestionRow[]): Promise<void> {
  await closeRows(context, log, rows, 'expired');
  for (const row of rows) {
    const question = questionOf({ ...row, status: 'expired' });
    log.append('question.expired', recipientsOf(row), questionData(question));
  }
  await log.flush();
  await goOn(context, log, rows);
}
