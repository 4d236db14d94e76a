import { noRun, type RelayedCall, topicOf } from '@belfry/core';
import { grant, revoke } from '../access/memberships.ts';
import type { WriteContext, WriteOp } from '../context.ts';
import { answer } from '../questions/answer.ts';
import { ask } from '../questions/ask.ts';
import { cancelQuestion } from '../questions/cancel.ts';
import { appendLines } from '../runs/run-log.ts';
import { changeRun, createRun, findRun } from '../runs/runs.ts';

/** Lets the write run that HTTP has for it. Where it is refused, nothing has been written. */
export async function runCall(context: WriteContext, tenant: string, call: RelayedCall): Promise<void> {
  if (call.name === 'appendLines') await requireRun(context, tenant, topicOf(call.input.log).run);
  const op = OPS[call.name] as WriteOp<RelayedCall['name']>;
  await op(context, call.input);
}

const OPS: { [Name in RelayedCall['name']]: WriteOp<Name> } = {
  ask,
  answer,
  cancelQuestion,
  createRun,
  changeRun,
  appendLines,
  grant,
  revoke,
};

/** A run's log is made with the run, and by nobody who guesses at its name. */
async function requireRun(context: WriteContext, tenant: string, id: string | undefined): Promise<void> {
  const { log } = await context.appender.tail(tenant);
  if (id === undefined || (await findRun(context, log, id)) === undefined) throw noRun();
}
