import { type Answer, BelfryError, contentFault, invalid, type Json, type Question } from '@belfry/protocol';
import type { WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import type { QuestionRow } from '../schema.ts';
import { changeQuestion, requireOpen } from './change.ts';
import { requireQuestion } from './find.ts';
import { questionOf } from './row.ts';

/** The log is held from the first line, so of those who race one is first and all others see the answer. */
export const answer: WriteOp<'answer'> = async (context, input) => {
  const { tenant, id, reader, by, action, content, vouched = false } = input;
  const log = await LogWriter.open(context, tenant);
  const row = await requireQuestion(context, log.log, id, reader);
  requireMeant(row, vouched || reader !== undefined);
  if (action === 'accept') requireFit(questionOf(row), content);
  requireOpen(row, context.now);
  const given: Answer = { action, content, by, at: log.time };
  const answered: QuestionRow = { ...row, status: 'answered', answer: JSON.stringify(given) };
  return { question: await changeQuestion(context, log, answered, 'question.answered') };
};

function requireMeant(row: QuestionRow, isPerson: boolean): void {
  if ((row.answer_by === 'person') === isPerson) return;
  const who = row.answer_by === 'person' ? 'a person, with a token of theirs' : 'a service, with an API key';
  throw new BelfryError('forbidden', `This question is to be answered by ${who}.`);
}

function requireFit({ schema }: Question, content: Json): void {
  const found = contentFault(schema, content);
  if (found === null) return;
  const field = ['content', ...found.path].join('.');
  throw invalid(field, `${field} ${found.message}.`);
}
