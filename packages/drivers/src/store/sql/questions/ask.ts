import type { QuestionDraft } from '@belfry/core';
import { invalid, type Question } from '@belfry/protocol';
import type { WriteContext, WriteOp } from '../context.ts';
import { LogWriter } from '../log-writer.ts';
import { questionData, questionOf, recipientsOf, rowOf } from './row.ts';

export const ask: WriteOp<'ask'> = async (context, { tenant, draft }) => {
  const log = await LogWriter.open(context, tenant);
  const question = await appendQuestion(context, log, draft);
  await log.flush();
  return { question };
};

/** The event is not in the database before the log is flushed. */
async function appendQuestion(context: WriteContext, log: LogWriter, draft: QuestionDraft): Promise<Question> {
  const { db, now } = context;
  if (draft.to.length === 0)
    throw invalid('to', 'Nothing was said about who is asked. Name at least one channel in to.');
  const position = log.next();
  const row = rowOf(log, position, draft, now);
  const to = recipientsOf(row);
  const channels = to.map((channel) => ({ log: row.log, channel, n: row.n }));
  // Sent together: over a network each that is waited for costs a round trip, and others wait for this log.
  await Promise.all([
    db.insertInto('questions').values(row).execute(),
    db.insertInto('question_channels').values(channels).execute(),
    db.insertInto('open_questions').values(channels).execute(),
  ]);
  const question = questionOf(row, now);
  log.append('question.opened', to, questionData(question), position);
  return question;
}
