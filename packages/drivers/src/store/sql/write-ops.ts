import type { Idempotency, WriteName, Writes } from '@belfry/core';
import { ack } from './acks.ts';
import { claimDeliveries, settleDelivery } from './claim-deliveries.ts';
import type { WriteContext, WriteOp, WriteOps } from './context.ts';
import { edit } from './edit.ts';
import { enlistDeliveries } from './enlist-deliveries.ts';
import { expire } from './expire.ts';
import { fallBack } from './fall-back.ts';
import { forget } from './forget.ts';
import { findResult, keepResult } from './idempotency.ts';
import { addKey, removeKey } from './keys.ts';
import { mark } from './mark.ts';
import { markUpTo } from './mark-up-to.ts';
import { grant, invalidate, revoke, revokeChannel } from './memberships.ts';
import { relay } from './outbox.ts';
import { presence } from './presence.ts';
import { emit, publish } from './publish.ts';
import { answer } from './questions/answer.ts';
import { ask } from './questions/ask.ts';
import { cancelQuestion } from './questions/cancel.ts';
import { editQuestion } from './questions/edit.ts';
import { redriveDead, redriveDelivery } from './redrive-deliveries.ts';
import { retain } from './retain.ts';
import { appendLines, beat, emitInRun } from './run-log.ts';
import { changeRun, createRun } from './runs.ts';
import { addSigningKey } from './signing-keys.ts';
import { claimTicket, issueTicket, releaseTicket, rememberTicket } from './tickets.ts';
import { addWebhook, removeWebhook, rotateSecret } from './webhooks.ts';
import { withdraw } from './withdraw.ts';

const WRITE_OPS: WriteOps = {
  publish,
  emit,
  relay,
  edit,
  withdraw,
  mark,
  markUpTo,
  grant,
  invalidate,
  revoke,
  revokeChannel,
  ack,
  presence,
  ask,
  answer,
  editQuestion,
  cancelQuestion,
  createRun,
  changeRun,
  appendLines,
  emitInRun,
  beat,
  addSigningKey,
  expire,
  fallBack,
  forget,
  retain,
  issueTicket,
  claimTicket,
  rememberTicket,
  releaseTicket,
  addKey,
  removeKey,
  addWebhook,
  rotateSecret,
  removeWebhook,
  enlistDeliveries,
  claimDeliveries,
  settleDelivery,
  redriveDelivery,
  redriveDead,
};

/** Idempotency keys belong to a log; the few writes without one share one. */
const NO_LOG = '';

/** A write on its way to the engine. */
export interface WriteCall<Name extends WriteName = WriteName> {
  name: Name;
  input: Writes[Name]['in'];
  idempotency?: Idempotency;
}

/** Runs one write in the savepoint it was given, or finds what its idempotency key gave the first time. */
export async function runWrite(context: WriteContext, call: WriteCall): Promise<{ out: unknown; replayed: boolean }> {
  const op = WRITE_OPS[call.name] as WriteOp<WriteName>;
  if (call.idempotency === undefined) return { out: await op(context, call.input), replayed: false };
  const { log } = await context.appender.tail(logOf(call.input) ?? NO_LOG);
  const first = await findResult(context, log, call.idempotency);
  if (first) return { out: first.out, replayed: true };
  const out = await op(context, call.input);
  await keepResult(context, log, call.idempotency, out);
  return { out, replayed: false };
}

/** The name of the log that a write holds first: its own, or its tenant's. Null: it belongs to none, or to several. */
export function logOf(input: object): string | null {
  const { log, tenant, reader, person } = input as { log?: unknown; tenant?: unknown; reader?: Owned; person?: Owned };
  const found = log ?? tenant ?? reader?.tenant ?? person?.tenant ?? null;
  if (found !== null && typeof found !== 'string') throw new TypeError('A log is named by text.');
  return found;
}

interface Owned {
  tenant?: unknown;
}
