import { BelfryError, type BelfryEventType, type Question } from '@belfry/protocol';
import { allOver } from '../all-over.ts';
import type { WriteContext } from '../context.ts';
import type { LogWriter } from '../log/log-writer.ts';
import type { QuestionRow } from '../schema.ts';
import { goOn } from './of-run.ts';
import { isDue, questionData, questionOf, recipientsOf } from './row.ts';

/** Writes the row as it is now, and the event that says so. Once it is closed, a run that waited for it goes on. */
export async function changeQuestion(
  context: WriteContext,
  log: LogWriter,
  row: QuestionRow,
  type: BelfryEventType,
): Promise<Question> {
  const { db, now } = context;
  const { log: _, n, ...columns } = { ...row, closed_at: row.status === 'open' ? null : now };
  const to = recipientsOf(row);
  const update = db.updateTable('questions').set(columns).where('log', '=', row.log).where('n', '=', n);
  const close = db.deleteFrom('open_questions').where('log', '=', row.log).where('n', '=', n);
  await allOver([update.execute(), ...(row.status === 'open' ? [] : [close.where('channel', 'in', to).execute()])]);
  const question = questionOf(row);
  log.append(type, to, questionData(question));
  await log.flush();
  if (row.status !== 'open') await goOn(context, log, [row]);
  return question;
}

/** @throws BelfryError `already_answered` with the answer, or `expired`. */
export function requireOpen(row: QuestionRow, now: number): void {
  if (row.status === 'answered') throw alreadyAnswered(questionOf(row));
  if (row.status === 'cancelled')
    throw new BelfryError('expired', 'This question was cancelled. It takes no answer any more.');
  if (row.status === 'expired' || isDue(row, now)) {
    throw new BelfryError('expired', 'The time to answer this question is over.');
  }
}

function alreadyAnswered({ answer }: Question): BelfryError {
  const who = answer?.by.name ?? answer?.by.user ?? 'someone';
  const message = `${who} was first: this question was answered at ${answer?.at}. The answer stands beside this message.`;
  return new BelfryError('already_answered', message, { answer });
}
