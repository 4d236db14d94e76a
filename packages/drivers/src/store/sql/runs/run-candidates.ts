import type { Grants } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { channelsOf, holdsSql } from '../access/channels.ts';
import type { ReadContext } from '../context.ts';

/** Whose runs, and by which index they are found. */
export interface RunSource {
  log: number;
  grants: Grants;
  onlyOpen: boolean;
  subject?: { kind: string; id: string } | undefined;
}

export interface FoundRun {
  n: number;
  /** Null where it is not among what was asked for. */
  content: string | null;
}

/** Newest first: at most `limit` by the index, each looked at once. */
export async function lookAtRuns(
  context: ReadContext,
  source: RunSource,
  condition: RawBuilder<SqlBool>,
  before: number | null,
  limit: number,
): Promise<FoundRun[]> {
  const { log, grants } = source;
  const channels = source.subject === undefined ? await channelsOf(context, ['run_channels'], log, grants) : null;
  const candidates = candidatesSql(context, source, channels, before ?? Number.MAX_SAFE_INTEGER, limit);
  const held = channels === null ? heldSql(context, grants) : sql<SqlBool>`1 = 1`;
  const { rows } = await sql<FoundRun>`
    with c as (${candidates})
    select c.n, r.content from c left join runs r on r.log = ${log} and r.n = c.n and ${condition} and ${held}
    order by c.n desc`.execute(context.db);
  return rows;
}

function candidatesSql(
  { dialect }: ReadContext,
  { log, onlyOpen, subject }: RunSource,
  channels: readonly string[] | null,
  before: number,
  limit: number,
): RawBuilder<{ n: number }> {
  const open = onlyOpen ? sql`and is_open = 1` : sql``;
  const isAbout = subject && sql`and subject_kind = ${subject.kind} and subject_id = ${subject.id}`;
  const end = sql`order by n desc limit ${limit}`;
  if (isAbout !== undefined)
    return sql`select n from runs where log = ${log} ${isAbout} and n < ${before} ${open} ${end}`;
  if (channels === null) return sql`select n from runs where log = ${log} and n < ${before} ${open} ${end}`;
  if (channels.length === 0) return sql`select n from runs where 1 = 0`;
  const ranges = channels.map(
    (channel) => sql`select n from run_channels where log = ${log} and channel = ${channel} and n < ${before} ${open}`,
  );
  return dialect.merge(ranges, 'desc', limit);
}

function heldSql(context: ReadContext, grants: Grants): RawBuilder<SqlBool> {
  if (grants.everything) return sql`1 = 1`;
  return sql<SqlBool>`exists (select 1 from ${context.dialect.elements(sql.ref('r.recipients'))}
    where ${holdsSql(context, sql.ref('e.value'), grants)})`;
}
