import type { WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import { changeQuestion, requireOpen } from './change.ts';
import { requireQuestion } from './find.ts';
import { edited } from './row.ts';

export const editQuestion: WriteOp<'editQuestion'> = async (context, { tenant, id, patch }) => {
  const log = await LogWriter.open(context, tenant);
  const row = await requireQuestion(context, log.log, id, undefined);
  // A time in the past is wrong whatever the question's status is.
  const changed = edited(row, patch, context.now);
  requireOpen(row, context.now);
  return { question: await changeQuestion(context, log, changed, 'question.updated') };
};
