import { type Channel, type Grants, holds } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext } from '../context.ts';

/** Past this many index ranges a walk over everything is cheaper than merging them. */
const MAX_RANGES = 128;
/** Prefixes that are compared one by one. */
const MAX_TESTS = 32;

// Names are printable ASCII, so DEL sorts after all that may follow a prefix.
const AFTER_ALL = '\x7f';

type ChannelTable = 'addressed' | 'event_channels' | 'question_channels' | 'open_questions' | 'run_channels';

/**
 * The channels that grants stand for, with prefixes replaced by the channels in use under them. Null: everything, or
 * so many that walking the whole is cheaper.
 */
export async function channelsOf(
  context: ReadContext,
  tables: readonly ChannelTable[],
  log: number,
  grants: Grants,
): Promise<Channel[] | null> {
  if (grants.everything) return null;
  const channels = new Set(grants.exact);
  for (const prefix of grants.prefixes) {
    if (channels.size > MAX_RANGES) return null;
    for (const table of tables) {
      for (const channel of await channelsUnder(context, table, log, prefix)) {
        if (holds(grants, channel)) channels.add(channel);
      }
    }
  }
  return channels.size > MAX_RANGES ? null : [...channels];
}

/**
 * Steps through the index from one channel to the next: one seek a channel, however many entries each has. Asked for as the
 * first in order, and not as the least: for that Postgres would read all of a channel by a plan from when there was little.
 */
async function channelsUnder(context: ReadContext, table: string, log: number, prefix: string): Promise<Channel[]> {
  const end = prefix + AFTER_ALL;
  const first = (after: RawBuilder<SqlBool>) => sql`(select t.channel from ${sql.table(table)} t
    where t.log = ${log} and t.channel < ${end} and ${after} order by t.channel limit 1)`;
  const { rows } = await sql<{ channel: Channel }>`
    with recursive used(channel) as (
      select ${first(sql`t.channel >= ${prefix}`)}
      union all
      select ${first(sql`t.channel > used.channel`)} from used where used.channel is not null
    )
    select channel from used where channel is not null limit ${MAX_RANGES + 1}`.execute(context.db);
  return rows.map((row) => row.channel);
}

/** Whether the text expression is a channel that is held. */
export function holdsSql(context: ReadContext, channel: RawBuilder<unknown>, grants: Grants): RawBuilder<SqlBool> {
  if (grants.everything) return sql`1 = 1`;
  const byName = context.dialect.inTexts(channel, grants.exact);
  const under =
    (grants.except ?? []).length > 0
      ? [exceptionTest(context, channel, grants)]
      : prefixTests(context, channel, grants);
  return under.length === 0 ? byName : sql`(${sql.join([byName, ...under], sql` or `)})`;
}

/** Under a prefix, and not under an exception that lies below it. No channel holds a star. */
function exceptionTest(
  { dialect }: ReadContext,
  channel: RawBuilder<unknown>,
  { prefixes, except = [] }: Grants,
): RawBuilder<SqlBool> {
  return sql`exists (
    select 1 from (select t.value as prefix from ${dialect.texts(prefixes)}) as p
    where substr(${channel}, 1, length(p.prefix)) = p.prefix and not exists (
      select 1 from ${dialect.texts(except)} where substr(t.value, 1, length(p.prefix)) = p.prefix
        and t.value in (${channel}, substr(${channel}, 1, length(t.value) - 1) || '*')))`;
}

/** Many prefixes go as one list: SQLite takes no expression of a thousand parts, and Postgres plans one for long. */
function prefixTests(
  { dialect }: ReadContext,
  channel: RawBuilder<unknown>,
  { prefixes }: Grants,
): RawBuilder<SqlBool>[] {
  if (prefixes.length <= MAX_TESTS) return prefixes.map((one) => sql`substr(${channel}, 1, ${one.length}) = ${one}`);
  const isUnder = sql`substr(${channel}, 1, length(t.value)) = t.value`;
  return [sql`exists (select 1 from ${dialect.texts(prefixes)} where ${isUnder})`];
}
