import { BelfryError } from '@belfry/protocol';
import type { WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import { changeQuestion, requireOpen } from './change.ts';
import { requireQuestion } from './find.ts';
import { questionOf } from './row.ts';

export const cancelQuestion: WriteOp<'cancelQuestion'> = async (context, { tenant, id, reader }) => {
  const log = await LogWriter.open(context, tenant);
  const row = await requireQuestion(context, log.log, id, reader);
  if (reader !== undefined && row.asker !== reader.user) throw notTheirs();
  if (row.status === 'cancelled') return { question: questionOf(row) };
  requireOpen(row, context.now);
  return { question: await changeQuestion(context, log, { ...row, status: 'cancelled' }, 'question.cancelled') };
};

function notTheirs(): BelfryError {
  return new BelfryError(
    'forbidden',
    'Only who asked a question cancels it. To refuse an answer, send action "decline".',
  );
}
