import type { Idempotency, WriteName, Writes } from '@belfry/core';
import { grant, invalidate, revoke, revokeChannel } from './access/memberships.ts';
import type { WriteContext, WriteOp, WriteOps } from './context.ts';
import { addKey, removeKey } from './credentials/keys.ts';
import { claimTicket, issueTicket, releaseTicket, rememberTicket } from './credentials/tickets.ts';
import { ack } from './delivery-status/acks.ts';
import { presence } from './delivery-status/presence.ts';
import { mark } from './inbox/mark.ts';
import { markUpTo } from './inbox/mark-up-to.ts';
import { findResult, keepResult } from './log/idempotency.ts';
import { edit } from './notifications/edit.ts';
import { emit, publish } from './notifications/publish.ts';
import { withdraw } from './notifications/withdraw.ts';
import { letOutboxDie, relay } from './outbox/outbox.ts';
import { answer } from './questions/answer.ts';
import { ask } from './questions/ask.ts';
import { cancelQuestion } from './questions/cancel.ts';
import { editQuestion } from './questions/edit.ts';
import { appendLines, beat, emitInRun } from './runs/run-log.ts';
import { changeRun, createRun } from './runs/runs.ts';
import { addSigningKey } from './runs/signing-keys.ts';
import { expire } from './sweeping/expire.ts';
import { fallBack } from './sweeping/fall-back.ts';
import { forget } from './sweeping/forget.ts';
import { retain } from './sweeping/retain.ts';
import { retainRuns } from './sweeping/retain-runs.ts';
import { claimDeliveries, settleDelivery } from './webhooks/claim-deliveries.ts';
import { enlistDeliveries } from './webhooks/enlist-deliveries.ts';
import { redriveDead, redriveDelivery } from './webhooks/redrive-deliveries.ts';
import { addWebhook, removeWebhook, rotateSecret } from './webhooks/webhooks.ts';

const WRITE_OPS: WriteOps = {
  publish,
  emit,
  relay,
  letOutboxDie,
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
  retainRuns,
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
