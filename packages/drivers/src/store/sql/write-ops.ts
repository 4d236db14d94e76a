import type { Idempotency, WriteName, Writes } from '@belfry/core';
import { ack } from './acks.ts';
import type { WriteContext, WriteOp, WriteOps } from './context.ts';
import { edit } from './edit.ts';
import { findResult, keepResult } from './idempotency.ts';
import { addKey, removeKey } from './keys.ts';
import { mark } from './mark.ts';
import { markUpTo } from './mark-up-to.ts';
import { relay } from './outbox.ts';
import { emit, publish } from './publish.ts';
import { retain } from './retain.ts';
import { claimTicket, issueTicket, releaseTicket, rememberTicket } from './tickets.ts';
import { expire, withdraw } from './withdraw.ts';

const WRITE_OPS: WriteOps = {
  publish,
  emit,
  relay,
  edit,
  withdraw,
  mark,
  markUpTo,
  ack,
  expire,
  retain,
  issueTicket,
  claimTicket,
  rememberTicket,
  releaseTicket,
  addKey,
  removeKey,
};

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
  const { log } = await context.appender.tail(tenantOf(call.input));
  const first = await findResult(context, log, call.idempotency);
  if (first) return { out: first.out, replayed: true };
  const out = await op(context, call.input);
  await keepResult(context, log, call.idempotency, out);
  return { out, replayed: false };
}

/** Idempotency keys belong to a tenant; the few writes without one share a log of no tenant. */
function tenantOf(input: object): string {
  if ('tenant' in input) return String(input.tenant);
  if ('reader' in input) return (input as { reader: { tenant: string } }).reader.tenant;
  if ('person' in input) return (input as { person: { tenant: string } }).person.tenant;
  return '';
}
