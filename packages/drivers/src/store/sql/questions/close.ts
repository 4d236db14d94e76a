import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';
import { isAt } from '../log/is-at.ts';
import type { LogWriter } from '../log/log-writer.ts';
import { CHANNEL_KEY, type QuestionRow } from '../schema.ts';

/** Ends these open questions without an answer: two statements, however many there are. */
export async function closeRows(
  { db, dialect, now }: WriteContext,
  log: LogWriter,
  rows: readonly QuestionRow[],
  status: 'expired' | 'cancelled',
): Promise<void> {
  const numbers = rows.map((row) => row.n);
  const channels = sql`select q.log, e.value as channel, q.n from ${dialect.numbers(numbers)}
    ${dialect.lookUp('questions', 'q', sql`q.log = ${log.log} and q.n = t.value`)}
    cross join ${dialect.elements(sql.ref('q.recipients'))}`;
  await sql`delete from open_questions where ${dialect.hasKey('open_questions', CHANNEL_KEY, channels)}`.execute(db);
  await sql`
    update questions set status = ${status}, closed_at = ${now}
    where ${isAt(dialect, 'questions', log.log, numbers)}`.execute(db);
}
