import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';
import type { LogWriter } from '../log/log-writer.ts';
import type { QuestionRow } from '../schema.ts';

/** Ends these open questions without an answer: two statements, however many there are. */
export async function closeRows(
  { db, dialect, now }: WriteContext,
  log: LogWriter,
  rows: readonly QuestionRow[],
  status: 'expired' | 'cancelled',
): Promise<void> {
  const numbers = dialect.numbers(rows.map((row) => row.n));
  await sql`
    delete from open_questions where (log, channel, n) in (
      select q.log, e.value, q.n from ${numbers} cross join questions q
      cross join ${dialect.elements(sql.ref('q.recipients'))} where q.log = ${log.log} and q.n = t.value)`.execute(db);
  await sql`
    update questions set status = ${status}, closed_at = ${now}
    where log = ${log.log} and n in (select t.value from ${numbers})`.execute(db);
}
