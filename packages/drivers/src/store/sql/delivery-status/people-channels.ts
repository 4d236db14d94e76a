import { type Grants, grantPrefix } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { WriteContext } from '../context.ts';

/** Rows a statement: engines bound its parameters. */
const ROWS = 500;

/** As a row says that something under a prefix which is held was taken from it. No channel begins so. */
export function taken(grant: string): string {
  return `!${grant}`;
}

/** What people hold, from now on: topics and roles, prefixes with their star, and what was taken from under these. */
export async function keepHeld({ db }: WriteContext, log: number, held: ReadonlyMap<string, Grants>): Promise<void> {
  const persons = [...held.keys()];
  await db.deleteFrom('people_channels').where('log', '=', log).where('person', 'in', persons).execute();
  const rows = [...held].flatMap(([person, grants]) => sharedOf(grants).map((channel) => ({ log, channel, person })));
  for (let from = 0; from < rows.length; from += ROWS) {
    await db
      .insertInto('people_channels')
      .values(rows.slice(from, from + ROWS))
      .execute();
  }
}

/** `all` and the own channel need no row. */
function sharedOf({ exact, prefixes, except = [] }: Grants): string[] {
  const channels = exact.filter((channel) => channel.startsWith('topic:') || channel.startsWith('role:'));
  return [...new Set([...channels, ...prefixes.map((prefix) => `${prefix}*`), ...except.map(taken)])];
}

/** Whoever was ever here has it at once, and not only when they are here again. */
export async function giveToAbsent(context: WriteContext, log: number, person: string, grant: string): Promise<void> {
  const { db } = context;
  const known = db.selectFrom('people').select('person').where('log', '=', log).where('person', '=', person);
  if ((await known.executeTakeFirst()) === undefined) return;
  await deleteWithin(context, log, person, taken(grant));
  await db
    .insertInto('people_channels')
    .values({ log, channel: grant, person })
    .onConflict((conflict) => conflict.columns(['log', 'channel', 'person']).doNothing())
    .execute();
  await forgetScopes(context, sql`log = ${log} and person = ${person}`);
}

export async function takeFromAbsent(context: WriteContext, log: number, person: string, grant: string): Promise<void> {
  await deleteWithin(context, log, person, grant);
  await deleteWithin(context, log, person, taken(grant));
  await takeFromUnder(context, log, grant, sql`person = ${person}`);
  await forgetScopes(context, sql`log = ${log} and person = ${person}`);
}

export async function takeFromAllAbsent(context: WriteContext, log: number, channel: string): Promise<void> {
  const { dialect } = context;
  const theirs = sql`select distinct c.log, c.person from ${dialect.texts([channel, ...prefixesOver(channel)])}
    ${dialect.lookUp('people_channels', 'c', sql`c.log = ${log} and c.channel = t.value`)} order by c.log, c.person`;
  await hold(context, theirs);
  await forgetScopes(context, dialect.hasKey('people', ['log', 'person'], theirs));
  await context.db.deleteFrom('people_channels').where('log', '=', log).where('channel', '=', channel).execute();
  await takeFromUnder(context, log, channel, sql`1 = 1`);
}

/** A prefix that is held stays, and this is taken from under it. */
async function takeFromUnder(
  { db, dialect }: WriteContext,
  log: number,
  grant: string,
  whose: RawBuilder<SqlBool>,
): Promise<void> {
  await sql`
    insert into people_channels (log, channel, person)
    select distinct c.log, cast(${taken(grant)} as text), c.person
    from ${dialect.texts(prefixesOver(grant))}
    ${dialect.lookUp('people_channels', 'c', sql`c.log = ${log} and c.channel = t.value`)} where ${whose}
    on conflict (log, channel, person) do nothing`.execute(db);
}

/** Whoever's stream ends writes to their row without the log's lock. In one order, as they do, so that none waits in a circle. */
async function hold({ db, dialect }: WriteContext, people: RawBuilder<unknown>): Promise<void> {
  const rows = sql`select p.person from people p where p.log = k.log and p.person = k.person ${dialect.held}`;
  await sql`select count((${rows})) from (${people}) as k`.execute(db);
}

/** Who holds what is not told by its hash any more: it is written anew when they are here again. */
async function forgetScopes({ db }: WriteContext, whose: RawBuilder<SqlBool>): Promise<void> {
  await db.updateTable('people').set({ scope: '' }).where(whose).execute();
}

async function deleteWithin({ db }: WriteContext, log: number, person: string, grant: string): Promise<void> {
  const within = grant.endsWith('*')
    ? sql<SqlBool>`substr(channel, 1, ${grant.length - 1}) = ${grant.slice(0, -1)}`
    : sql<SqlBool>`channel = ${grant}`;
  await db.deleteFrom('people_channels').where('log', '=', log).where('person', '=', person).where(within).execute();
}

/** Every prefix that a channel lies under, or a prefix of it; the longest first. */
export function prefixesOver(grant: string): string[] {
  const name = grantPrefix(grant) === null ? grant : grant.slice(0, -1);
  return Array.from(
    { length: Math.max(0, name.length + 1) },
    (_, less) => `${name.slice(0, name.length - less)}*`,
  ).filter((text) => grantPrefix(text) !== null);
}
