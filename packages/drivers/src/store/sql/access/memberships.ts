import { INVALIDATED } from '@belfry/core';
import { BelfryError, type Channel, grantPrefix, LIMITS, userChannel } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext, ReadOp, WriteContext, WriteOp } from '../context.ts';
import { giveToAbsent, takeFromAbsent, takeFromAllAbsent } from '../delivery-status/people-channels.ts';
import { LogWriter } from '../log/log-writer.ts';
import { findLog } from '../log/position.ts';
import { EVERYBODY } from './access-rows.ts';

export const grant: WriteOp<'grant'> = async (context, { tenant, user, channel }) => {
  const log = await LogWriter.open(context, tenant);
  if (await isMember(context, log.log, user, channel)) return null;
  await requireRoom(context, log.log, user);
  const { n } = log.append('access.granted', [userChannel(user)], JSON.stringify({ channels: [channel] }));
  await context.db
    .insertInto('memberships')
    .values({ log: log.log, person: user, channel, n })
    .onConflict((conflict) => conflict.columns(['log', 'person', 'channel']).doUpdateSet({ n }))
    .execute();
  await giveToAbsent(context, log.log, user, channel);
  await log.flush();
  return null;
};

/** Told and remembered also where there was no membership: their token may have given it. */
export const revoke: WriteOp<'revoke'> = async (context, { tenant, user, channel }) => {
  const log = await LogWriter.open(context, tenant);
  await sql`delete from memberships as m
    where log = ${log.log} and person = ${user} and ${isWithin(sql.ref('m.channel'), channel)}`.execute(context.db);
  await takeFromAbsent(context, log.log, user, channel);
  await take(context, log, user, channel, userChannel(user));
  return null;
};

/** Memberships stay as rows, which say who it was taken from; by their number they hold no more. */
export const revokeChannel: WriteOp<'revokeChannel'> = async (context, { tenant, channel }) => {
  const log = await LogWriter.open(context, tenant);
  await takeFromAllAbsent(context, log.log, channel);
  await take(context, log, EVERYBODY, channel, channel);
  return null;
};

export const invalidate: WriteOp<'invalidate'> = async (context, { tenant, user }) => {
  const log = await LogWriter.open(context, tenant);
  const { n } = log.append(INVALIDATED, [userChannel(user)], '{}');
  await context.db
    .insertInto('invalidations')
    .values({ log: log.log, person: user, n })
    .onConflict((conflict) => conflict.columns(['log', 'person']).doUpdateSet({ n }))
    .execute();
  await log.flush();
  return null;
};

export const memberships: ReadOp<'memberships'> = async (context, { tenant, of, after, limit }) => {
  const log = await findLog(context, tenant);
  if (log === null) return [];
  const [column, value, order] =
    'channel' in of ? (['channel', of.channel, 'person'] as const) : (['person', of.user, 'channel'] as const);
  const { rows } = await sql<{ channel: string; user: string }>`
    select m.channel, m.person as "user" from memberships m
    where m.log = ${log} and ${sql.ref(`m.${column}`)} = ${value} and ${sql.ref(`m.${order}`)} > ${after ?? ''}
      and not ${IS_TAKEN_FROM_ALL}
    order by ${sql.ref(`m.${order}`)} limit ${limit}`.execute(context.db);
  return rows;
};

/** All of it: not where something below a prefix was taken since. */
async function isMember(context: ReadContext, log: number, user: string, channel: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from memberships m where m.log = ${log} and m.person = ${user} and m.channel = ${channel}
      and not exists (select 1 from revocations r
        where r.log = m.log and r.person in (${user}, ${EVERYBODY}) and r.n > m.n
          and ${isWithin(sql.ref('r.channel'), channel)})`.execute(context.db);
  return rows.length > 0;
}

/** All rows are read whenever the person is: those of what was taken from everybody since go, where there is no room. */
async function requireRoom({ db }: WriteContext, log: number, user: string): Promise<void> {
  const rows = sql`from memberships as m where m.log = ${log} and m.person = ${user}`;
  const isFull = async () => {
    const { rows: found } = await sql<{ held: number }>`select count(*) as held ${rows}`.execute(db);
    return Number(found[0]?.held) >= LIMITS.memberships;
  };
  if (!(await isFull())) return;
  await sql`delete ${rows} and ${IS_TAKEN_FROM_ALL}`.execute(db);
  if (!(await isFull())) return;
  throw new BelfryError(
    'invalid',
    `This person holds ${LIMITS.memberships} memberships, which is the most there can be. Use a prefix such as topic:products/*, or a role.`,
    { field: 'channel' },
  );
}

/** Of the membership `m`. */
const IS_TAKEN_FROM_ALL = sql<SqlBool>`exists (select 1 from revocations r
  where r.log = m.log and r.person = ${EVERYBODY} and r.channel = m.channel and r.n > m.n)`;

async function take(
  { db }: WriteContext,
  log: LogWriter,
  person: string,
  channel: string,
  told: Channel,
): Promise<void> {
  const { n } = log.append('access.revoked', [told], JSON.stringify({ channels: [channel] }));
  const place = { n, at: log.at };
  await db
    .insertInto('revocations')
    .values({ log: log.log, person, channel, ...place })
    .onConflict((conflict) => conflict.columns(['log', 'person', 'channel']).doUpdateSet(place))
    .execute();
  await log.flush();
}

function isWithin(channel: RawBuilder<unknown>, grant: string): RawBuilder<SqlBool> {
  const prefix = grantPrefix(grant);
  return prefix === null ? sql`${channel} = ${grant}` : sql`substr(${channel}, 1, ${prefix.length}) = ${prefix}`;
}
