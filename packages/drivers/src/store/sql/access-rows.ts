import { type AccessRows, heldReader, type Membership, NO_ROWS, type Reader, type Revocation } from '@belfry/core';
import { type Grants, grantPrefix } from '@belfry/protocol';
import { sql } from 'kysely';
import { holdsSql } from './channels.ts';
import type { ReadContext, ReadOp } from './context.ts';
import { findLogAndHead } from './position.ts';

/** In place of a person: it was taken from everybody. */
export const EVERYBODY = '';

export const access: ReadOp<'access'> = async (context, { reader }) => {
  const { log, head: at } = await findLogAndHead(context, reader.tenant);
  return { at, rows: log === null ? NO_ROWS : await accessRows(context, log, reader) };
};

/** The reader with all that they hold in this snapshot. */
export async function heldIn(context: ReadContext, log: number, reader: Reader): Promise<Reader> {
  return heldReader(reader, await accessRows(context, log, reader));
}

interface Row {
  kind: 'membership' | 'revocation' | 'invalidation' | 'some were taken from everybody';
  channel: string;
  n: number;
  at: number | null;
}

/** One query where nothing was ever taken from everybody, else two. */
export async function accessRows(
  context: ReadContext,
  log: number,
  { user, grants }: Pick<Reader, 'user' | 'grants'>,
): Promise<AccessRows> {
  const { rows } = await sql<Row>`
    select 'membership' as kind, channel, n, null as at from memberships where log = ${log} and person = ${user}
    union all
    select 'revocation', channel, n, at from revocations where log = ${log} and person = ${user}
    union all
    select 'invalidation', '', n, null from invalidations where log = ${log} and person = ${user}
    union all
    select 'some were taken from everybody', '', 0, null
    where exists (select 1 from revocations where log = ${log} and person = ${EVERYBODY})`.execute(context.db);
  if (rows.length === 0) return NO_ROWS;
  const memberships = rows.filter(({ kind }) => kind === 'membership').map(({ channel, n }) => ({ channel, n }));
  const revocations = rows.filter(({ kind }) => kind === 'revocation').map(toRevocation);
  const some = rows.some(({ kind }) => kind === 'some were taken from everybody');
  const fromAll = some ? await takenFromAll(context, log, joined(grants, memberships)) : [];
  const invalidatedAt = rows.find(({ kind }) => kind === 'invalidation')?.n ?? 0;
  return { memberships, revocations: [...revocations, ...fromAll], invalidatedAt };
}

/** Only of what the person would hold: of the thousands of topics an app has closed, few were theirs. */
async function takenFromAll(context: ReadContext, log: number, grants: Grants): Promise<Revocation[]> {
  const { rows } = await sql<Row>`
    select channel, n, at from revocations r
    where log = ${log} and person = ${EVERYBODY} and ${holdsSql(context, sql.ref('r.channel'), grants)}`.execute(
    context.db,
  );
  return rows.map(toRevocation);
}

function joined(grants: Grants, memberships: readonly Membership[]): Grants {
  const prefixes = memberships.map(({ channel }) => grantPrefix(channel)).filter((prefix) => prefix !== null);
  const exact = memberships.map(({ channel }) => channel);
  return { ...grants, exact: [...grants.exact, ...exact], prefixes: [...grants.prefixes, ...prefixes] };
}

function toRevocation({ channel, n, at }: Row): Revocation {
  return { channel, n, at: at ?? 0 };
}
