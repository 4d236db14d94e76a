import type { Channel, DeliveryStatus } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { ANY_SCOPE } from '../inbox/watermark-cover.ts';
import type { NotificationRow } from '../schema.ts';
import { type Span, within } from './span.ts';

/** By the number that `statusSql` has for it. */
export const STATUSES: readonly DeliveryStatus[] = ['stored', 'sent', 'delivered', 'seen', 'read'];

/**
 * The furthest that an item came with person `w.person`, of whom `m` is the row in `marks`, where there is one. As
 * `people.ts` and `Watermarks` tell it of a few by name, for whole towns.
 */
export async function statusSql(context: ReadContext, item: NotificationRow, span: Span): Promise<RawBuilder<number>> {
  const { log, n } = item;
  return sql`coalesce(
    case when m.read_at is not null then 4 when m.seen_at is not null then 3 end,
    case when m.n is null and ${hasWatermarkSql(item, span)} then ${watermarkSql(context, item)} end,
    case when exists (select 1 from acks a
      where a.log = ${log} and a.person = w.person and ${within('a.person', span)} and a.n >= ${n}) then 2 end,
    case when w.sent_n >= ${n} or ${await servedSql(context, log, n, span)} then 1 end,
    0)`;
}

/** Whether a stream of theirs is open in a process that has served its streams so far. */
async function servedSql(
  { db, dialect }: ReadContext,
  log: number,
  n: number,
  span: Span,
): Promise<RawBuilder<SqlBool>> {
  const rows = await db.selectFrom('reached').select('process').where('log', '=', log).where('n', '>=', n).execute();
  if (rows.length === 0) return sql`1 = 0`;
  const processes = rows.map(({ process }) => process);
  return sql`exists (select 1 from streams s
    where s.log = ${log} and s.person = w.person and ${within('s.person', span)}
      and ${dialect.inTexts(sql.ref('s.process'), processes)})`;
}

/** Most have none: that is told without a look at what its maker held. */
function hasWatermarkSql({ log, n }: NotificationRow, span: Span): RawBuilder<SqlBool> {
  return sql`exists (select 1 from watermarks k
    where k.log = ${log} and k.person = w.person and ${within('k.person', span)} and k.n >= ${n})`;
}

/** Whatever was marked implies that it was seen. */
function watermarkSql({ dialect }: ReadContext, { log, n, type, recipients }: NotificationRow): RawBuilder<unknown> {
  const to = JSON.parse(recipients) as Channel[];
  return sql`(
    select max(case when k.mark = 'read' then 4 else 3 end) from watermarks k
    left join watermark_scopes g on g.log = k.log and g.person = k.person and g.scope = k.scope
    where k.log = ${log} and k.person = w.person and k.n >= ${n} and ${patternSql(type)}
      and (k.scope = ${ANY_SCOPE} or exists (select 1 from ${dialect.texts(to)}
        where (t.value = 'user:' || k.person or k.shared_from <= ${n}) and ${holdsSql(dialect)})))`;
}

function patternSql(type: string): RawBuilder<SqlBool> {
  const text = sql`cast(${type} as text)`;
  return sql`(k.pattern = ${text} or k.pattern = substr(${text}, 1, length(k.pattern) - 1) || '*')`;
}

/** `holds`, of grants that only the database has. */
function holdsSql({ members, hasMember }: ReadContext['dialect']): RawBuilder<SqlBool> {
  const list = (name: string) => members(sql.ref('g.grants'), name);
  return sql`(${hasMember(sql.ref('g.grants'), 'exact', sql.ref('t.value'))}
    or exists (select 1 from (select e.value as prefix from ${list('prefixes')}) as held
      where substr(t.value, 1, length(held.prefix)) = held.prefix
        and not exists (select 1 from ${list('except')} where substr(e.value, 1, length(held.prefix)) = held.prefix
          and e.value in (t.value, substr(t.value, 1, length(e.value) - 1) || '*'))))`;
}
