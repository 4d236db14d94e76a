import { noQuestion, type Reader } from '@belfry/core';
import { firstHeld } from '@belfry/protocol';
import { heldIn } from '../access/access-rows.ts';
import type { ReadContext, ReadOp } from '../context.ts';
import { findLog } from '../log/position.ts';
import type { QuestionRow } from '../schema.ts';
import { questionOf, recipientsOf } from './row.ts';

export const question: ReadOp<'question'> = async (context, { tenant, id, reader }) => {
  const log = await findLog(context, tenant);
  const row = log === null ? undefined : await findRow(context, log, id);
  if (row === undefined || !(await wasAsked(context, row, reader))) return null;
  return { question: questionOf(row), to: recipientsOf(row) };
};

/** @throws BelfryError `not_found` also where the reader was not asked. */
export async function requireQuestion(
  context: ReadContext,
  log: number,
  id: string,
  reader: Reader | undefined,
): Promise<QuestionRow> {
  const row = await findRow(context, log, id);
  if (row === undefined || !(await wasAsked(context, row, reader))) throw noQuestion();
  return row;
}

function findRow({ db }: ReadContext, log: number, id: string): Promise<QuestionRow | undefined> {
  return db.selectFrom('questions').selectAll().where('log', '=', log).where('id', '=', id).executeTakeFirst();
}

/** By what they hold now, however old the question is. Services see all. */
async function wasAsked(context: ReadContext, row: QuestionRow, reader: Reader | undefined): Promise<boolean> {
  if (reader === undefined) return true;
  const { grants } = await heldIn(context, row.log, reader);
  return firstHeld(grants, recipientsOf(row)) !== null;
}
