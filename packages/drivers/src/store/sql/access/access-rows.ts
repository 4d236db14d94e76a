import {
  type AccessRows,
  accessHasMoved,
  heldReader,
  type Membership,
  NO_ROWS,
  type Reader,
  type Revocation,
} from '@belfry/core';
import { type Grants, grantPrefix } from '@belfry/protocol';
import { sql } from 'kysely';
import type { GroupOp, ReadContext } from '../context.ts';
import { findLogAndHead, type LogNumber } from '../log/position.ts';
import { byTenant } from '../state/by-tenant.ts';
import { holdsSql } from './channels.ts';

/** In place of a person: it was taken from everybody. */
export const EVERYBODY = '';

/** Of many, in their order: a tenant's people are looked up together. */
export const accesses: GroupOp<'access'> = (context, inputs) =>
  byTenant(inputs, async (tenant, asked) => {
    const { log, head: at } = await findLogAndHead(context, tenant);
    if (log === null) return asked.map(() => ({ at, rows: NO_ROWS }));
    const readers = asked.map(({ reader }) => reader);
    return (await accessRowsOfEach(context, log, readers)).map((rows) => ({ at, rows }));
  });

/**
 * The reader with all that they hold in this snapshot.
 *
 * @throws BelfryError `accessHasMoved` where the app has to be asked again what that is.
 */
export async function heldIn(context: ReadContext, log: LogNumber, reader: Reader): Promise<Reader> {
  const rows = await accessRows(context, log, reader);
  if (reader.answeredAt !== undefined && reader.answeredAt < rows.invalidatedAt) throw accessHasMoved();
  return heldReader(reader, rows);
}

interface Row {
  kind: 'membership' | 'revocation' | 'invalidation' | 'some were taken from everybody';
  person: string;
  channel: string;
  n: number;
  at: number | null;
}

type Asker = Pick<Reader, 'user' | 'grants'>;

async function accessRows(context: ReadContext, log: LogNumber, reader: Asker): Promise<AccessRows> {
  return (await accessRowsOfEach(context, log, [reader]))[0] as AccessRows;
}

/** Those of many, in their order. One query where nothing was ever taken from everybody. */
export async function accessRowsOfEach(
  context: ReadContext,
  log: LogNumber,
  readers: readonly Asker[],
): Promise<AccessRows[]> {
  const { dialect } = context;
  const people = dialect.texts([...new Set(readers.map(({ user }) => user))]);
  const { rows } = await sql<Row>`
    select 'membership' as kind, m.person, m.channel, m.n, null as at
    from ${people} ${dialect.lookUp('memberships', 'm', sql`m.log = ${log} and m.person = t.value`)}
    union all
    select 'revocation', r.person, r.channel, r.n, r.at
    from ${people} ${dialect.lookUp('revocations', 'r', sql`r.log = ${log} and r.person = t.value`)}
    union all
    select 'invalidation', i.person, '', i.n, null
    from ${people} ${dialect.lookUp('invalidations', 'i', sql`i.log = ${log} and i.person = t.value`)}
    union all
    select 'some were taken from everybody', '', '', 0, null
    where exists (select 1 from revocations where log = ${log} and person = ${EVERYBODY})`.execute(context.db);
  if (rows.length === 0) return readers.map(() => NO_ROWS);
  const byPerson = Map.groupBy(rows, ({ person }) => person);
  const own = readers.map(({ user }) => ownRows(byPerson.get(user) ?? []));
  if (!rows.some(({ kind }) => kind === 'some were taken from everybody')) return own;
  const held = readers.map(({ grants }, index) => joined(grants, own[index]?.memberships ?? []));
  const fromAll = await takenFromAll(context, log, held);
  return own.map((one, index) => ({ ...one, revocations: [...one.revocations, ...(fromAll[index] ?? [])] }));
}

function ownRows(rows: readonly Row[]): AccessRows {
  if (rows.length === 0) return NO_ROWS;
  const memberships = rows.filter(({ kind }) => kind === 'membership').map(({ channel, n }) => ({ channel, n }));
  const revocations = rows.filter(({ kind }) => kind === 'revocation').map(toRevocation);
  return { memberships, revocations, invalidatedAt: rows.find(({ kind }) => kind === 'invalidation')?.n ?? 0 };
}

/** Only of what each would hold: of the thousands of topics an app has closed, few were theirs. */
async function takenFromAll(
  context: ReadContext,
  log: LogNumber,
  grants: readonly Grants[],
): Promise<(readonly Revocation[])[]> {
  const byName = grants.filter(({ prefixes }) => prefixes.length === 0);
  const named = await takenByName(context, log, [...new Set(byName.flatMap(({ exact }) => exact))]);
  const taken: (readonly Revocation[])[] = [];
  for (const one of grants) {
    if (one.prefixes.length > 0) taken.push(await takenFromHeld(context, log, one));
    else taken.push(one.exact.flatMap((channel) => named.get(channel) ?? []));
  }
  return taken;
}

async function takenByName(
  { db, dialect }: ReadContext,
  log: LogNumber,
  channels: readonly string[],
): Promise<Map<string, Revocation>> {
  if (channels.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select r.channel, r.n, r.at from ${dialect.texts(channels)}
    ${dialect.lookUp('revocations', 'r', sql`r.log = ${log} and r.person = ${EVERYBODY} and r.channel = t.value`)}`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.channel, toRevocation(row)]));
}

async function takenFromHeld(context: ReadContext, log: LogNumber, grants: Grants): Promise<Revocation[]> {
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
