import type { Idempotency, WriteName, Writes } from '@belfry/core';
import { ack } from './acks.ts';
import { claimDeliveries, settleDelivery } from './claim-deliveries.ts';
import type { WriteContext, WriteOp, WriteOps } from './context.ts';
import { edit } from './edit.ts';
import { enlistDeliveries } from './enlist-deliveries.ts';
import { expire } from './expire.ts';
import { fallBack } from './fall-back.ts';
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
import { claimTicket, issueTicket, releaseTicket, rememberTicket } from './tickets.ts';
import { addWebhook, removeWebhook } from './webhooks.ts';
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
  expire,
  fallBack,
  retain,
  issueTicket,
  claimTicket,
  rememberTicket,
  releaseTicket,
  addKey,
  removeKey,
  addWebhook,
  removeWebhook,
  enlistDeliveries,
  claimDeliveries,
  settleDelivery,
  redriveDelivery,
  redriveDead,
};

/** Idempotency keys belong to a tenant; the few writes without one share a log. */
const NO_TENANT = '';

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
  const { log } = await context.appender.tail(tenantOf(call.input) ?? NO_TENANT);
  const first = await findResult(context, log, call.idempotency);
  if (first) return { out: first.out, replayed: true };
  const out = await op(context, call.input);
  await keepResult(context, log, call.idempotency, out);
  return { out, replayed: false };
}

/** Whose log a write is for. Null: it belongs to no tenant, or to several. */
export function tenantOf(input: object): string | null {
  const { tenant, reader, person } = input as { tenant?: unknown; reader?: Owned; person?: Owned };
  const found = tenant ?? reader?.tenant ?? person?.tenant ?? null;
  if (found !== null && typeof found !== 'string') throw new TypeError('A tenant is named by text.');
  return found;
}

interface Owned {
  tenant?: unknown;
}
