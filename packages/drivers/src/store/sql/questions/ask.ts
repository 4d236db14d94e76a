import type { QuestionDraft } from '@belfry/core';
import { invalid } from '@belfry/protocol';
import { allOver } from '../all-over.ts';
import type { WriteContext, WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import type { QuestionRow } from '../schema.ts';
import { holdUp, runAskedAbout } from './of-run.ts';
import { questionData, questionOf, recipientsOf, rowOf } from './row.ts';

export const ask: WriteOp<'ask'> = async (context, { tenant, draft, reader }) => {
  const log = await LogWriter.open(context, tenant);
  const run = await runAskedAbout(context, log, draft, reader);
  const row = await appendQuestion(context, log, draft);
  await log.flush();
  if (run !== null) await holdUp(context, log, run, row);
  return { question: questionOf(row) };
};

/** The event is not in the database before the log is flushed. */
async function appendQuestion(context: WriteContext, log: LogWriter, draft: QuestionDraft): Promise<QuestionRow> {
  const { db, now } = context;
  if (draft.to.length === 0)
    throw invalid('to', 'Nothing was said about who is asked. Name at least one channel in to.');
  const position = log.next();
  const row = rowOf(log, position, draft, now);
  const to = recipientsOf(row);
  const channels = to.map((channel) => ({ log: row.log, channel, n: row.n }));
  // Sent together: over a network each that is waited for costs a round trip, and others wait for this log.
  await allOver([
    db.insertInto('questions').values(row).execute(),
    db.insertInto('question_channels').values(channels).execute(),
    db.insertInto('open_questions').values(channels).execute(),
  ]);
  log.append('question.opened', to, questionData(questionOf(row)), position);
  return row;
}
