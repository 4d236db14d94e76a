import type { TicketRefusal } from '@belfry/core';
import type { ReadOp, WriteContext, WriteOp } from './context.ts';
import type { TicketRow } from './schema.ts';

/** How long after its stream's end a ticket opens the next one. */
export const TICKET_GRACE_MS = 60_000;

export const issueTicket: WriteOp<'issueTicket'> = async (context, { hash, person, unusedUntil, expiresAt }) => {
  const row = { hash, person: JSON.stringify(person), unused_until: unusedUntil, expires_at: expiresAt };
  await context.db
    .insertInto('tickets')
    .values({ ...row, access: null, used_at: null, held: 0, ended_at: null })
    .execute();
  return null;
};

export const hasTicket: ReadOp<'hasTicket'> = async ({ db }, { hash }) => {
  const row = await db.selectFrom('tickets').select('hash').where('hash', '=', hash).executeTakeFirst();
  return row !== undefined;
};

export const claimTicket: WriteOp<'claimTicket'> = async (context, { hash, resuming }) => {
  const ticket = await context.db.selectFrom('tickets').selectAll().where('hash', '=', hash).executeTakeFirst();
  const refused = refusal(ticket, resuming, context.now);
  if (!ticket || refused !== null) return { refused: refused ?? 'unknown' };
  await context.db
    .updateTable('tickets')
    .set({ held: 1, used_at: ticket.used_at ?? context.now, ended_at: null })
    .where('hash', '=', hash)
    .execute();
  return { person: JSON.parse(ticket.person), access: ticket.access };
};

function refusal(ticket: TicketRow | undefined, resuming: boolean, now: number): TicketRefusal | null {
  if (!ticket) return 'unknown';
  if (ticket.expires_at !== null && now >= ticket.expires_at) return 'expired';
  if (ticket.used_at === null) return now < ticket.unused_until ? null : 'expired';
  if (ticket.held === 1) return 'in_use';
  if (!resuming) return 'spent';
  return ticket.ended_at !== null && now < ticket.ended_at + TICKET_GRACE_MS ? null : 'expired';
}

export const rememberTicket: WriteOp<'rememberTicket'> = async (context, { hash, access }) => {
  await context.db.updateTable('tickets').set({ access }).where('hash', '=', hash).execute();
  return null;
};

export const releaseTicket: WriteOp<'releaseTicket'> = async (context, { hash }) => {
  await release(context).where('hash', '=', hash).execute();
  return null;
};

/** For an engine that one process has to itself: what is held now was held by a process that died. */
export async function releaseAllTickets(context: Pick<WriteContext, 'db' | 'now'>): Promise<void> {
  await release(context).execute();
}

function release({ db, now }: Pick<WriteContext, 'db' | 'now'>) {
  return db.updateTable('tickets').set({ held: 0, ended_at: now }).where('held', '=', 1);
}
