import { TICKET_GRACE_MS, type TicketRefusal } from '@belfry/core';
import type { ReadOp, TicketHolder, WriteContext, WriteOp } from '../context.ts';
import type { TicketRow } from '../schema.ts';

export const issueTicket: WriteOp<'issueTicket'> = async (context, { hash, person, unusedMs, expiresAt }) => {
  const unusedUntil = Math.min(context.now + unusedMs, expiresAt ?? Number.POSITIVE_INFINITY);
  const row = { hash, person: JSON.stringify(person), unused_until: unusedUntil, expires_at: expiresAt };
  await context.db
    .insertInto('tickets')
    .values({ ...row, access: null, used_at: null, held: FREE, ended_at: null })
    .execute();
  return { unusedUntil };
};

export const hasTicket: ReadOp<'hasTicket'> = async ({ db }, { hash }) => {
  const row = await db.selectFrom('tickets').select('hash').where('hash', '=', hash).executeTakeFirst();
  return row !== undefined;
};

/**
 * Conditional, so that of several processes one gets it: who finds the ticket no longer as it was read looks again, and
 * then sees who holds it.
 */
export const claimTicket: WriteOp<'claimTicket'> = async (context, { hash, resuming }) => {
  for (;;) {
    const ticket = await findTicket(context, hash);
    const refused = refusal(ticket, resuming, context.now);
    if (!ticket || refused !== null) return { refused: refused ?? 'unknown' };
    if (await take(context, ticket)) return { person: JSON.parse(ticket.person), access: ticket.access };
  }
};

/** What a process that has died held counts as ended now, when it is first seen to be dead. */
async function findTicket(context: WriteContext, hash: string): Promise<FoundTicket | undefined> {
  const ticket = await context.db.selectFrom('tickets').selectAll().where('hash', '=', hash).executeTakeFirst();
  if (!ticket || ticket.held === FREE) return ticket && { ...ticket, stream: 'none' };
  if (await holderOf(context).lives(ticket.held)) return { ...ticket, stream: 'open' };
  return { ...ticket, ended_at: context.now, stream: 'none' };
}

interface FoundTicket extends TicketRow {
  stream: 'none' | 'open';
}

async function take(context: WriteContext, { hash, held, used_at, ended_at }: FoundTicket): Promise<boolean> {
  const { numUpdatedRows } = await context.db
    .updateTable('tickets')
    .set({ held: holderOf(context).id, used_at: used_at ?? context.now, ended_at })
    .where('hash', '=', hash)
    .where('held', '=', held)
    .where('used_at', used_at === null ? 'is' : '=', used_at)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

function refusal(ticket: FoundTicket | undefined, resuming: boolean, now: number): TicketRefusal | null {
  if (!ticket) return 'unknown';
  if (ticket.expires_at !== null && now >= ticket.expires_at) return 'expired';
  if (ticket.used_at === null) return now < ticket.unused_until ? null : 'expired';
  if (ticket.stream === 'open') return 'in_use';
  if (!resuming) return 'spent';
  return ticket.ended_at !== null && now < ticket.ended_at + TICKET_GRACE_MS ? null : 'expired';
}

export const rememberTicket: WriteOp<'rememberTicket'> = async (context, { hash, access }) => {
  await context.db.updateTable('tickets').set({ access }).where('hash', '=', hash).execute();
  return null;
};

export const releaseTicket: WriteOp<'releaseTicket'> = async (context, { hash, unused }) => {
  if (unused) await undoFirstUse(context, hash);
  await release(context).where('hash', '=', hash).execute();
  return null;
};

/** A ticket without an end has not had a stream before the one that holds it. */
async function undoFirstUse(context: WriteContext, hash: string): Promise<void> {
  await context.db
    .updateTable('tickets')
    .set({ held: FREE, used_at: null, access: null })
    .where('hash', '=', hash)
    .where('held', '=', holderOf(context).id)
    .where('ended_at', 'is', null)
    .execute();
}

/** For an engine that one process has to itself: what is held now was held by a process that died. */
export async function releaseAllTickets(context: Pick<WriteContext, 'db' | 'now' | 'holder'>): Promise<void> {
  await release(context).execute();
}

function release(context: Pick<WriteContext, 'db' | 'now' | 'holder'>) {
  const { db, now } = context;
  return db.updateTable('tickets').set({ held: FREE, ended_at: now }).where('held', '=', holderOf(context).id);
}

const FREE = 0;

/** For an engine that one process has to itself. */
const ONLY_HOLDER: TicketHolder = { id: 1, lives: async () => true };

function holderOf({ holder = ONLY_HOLDER }: Pick<WriteContext, 'holder'>): TicketHolder {
  return holder;
}
