import type { QuestionQuery } from '@belfry/core';
import type { Channel, Grants } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { channelsOf, holdsSql } from '../access/channels.ts';
import type { ReadContext } from '../context.ts';
import type { Ranges } from './pages.ts';

type Filters = Pick<QuestionQuery, 'statuses' | 'subject'>;

/** The index that has the fewest to look at: a subject's, those of the reader's channels, or those of a status. */
export async function rangesOf(context: ReadContext, log: number, grants: Grants, filters: Filters): Promise<Ranges> {
  const { subject, statuses } = filters;
  if (subject !== undefined) return (before) => [ofSubject(log, subject, before)];
  const table = isOpenOnly(filters) ? 'open_questions' : 'question_channels';
  const channels = await channelsOf(context, [table], log, grants);
  if (channels !== null) return (before) => channels.map((channel) => ofChannel(table, log, channel, before));
  if (statuses === undefined) return (before) => [sql`select n from questions where log = ${log} and n < ${before}`];
  return (before) => statuses.map((status) => ofStatus(log, status, before));
}

/** Whether question `q` passes the filters and is the reader's. */
export function matchesSql(context: ReadContext, grants: Grants, { statuses }: Filters): RawBuilder<SqlBool> {
  const held = grants.everything
    ? sql<SqlBool>`1 = 1`
    : sql<SqlBool>`exists (select 1 from ${context.dialect.elements(sql.ref('q.recipients'))}
        where ${holdsSql(context, sql.ref('e.value'), grants)})`;
  return statuses === undefined ? held : sql<SqlBool>`(${statusSql(context, statuses)}) and ${held}`;
}

/** What is due is not to be answered any more and not known to have expired: until it is swept it is in no such list. */
function statusSql({ now, dialect }: ReadContext, statuses: readonly string[]): RawBuilder<SqlBool> {
  const isDue = sql<SqlBool>`q.status = 'open' and q.expires_at is not null and q.expires_at <= ${now}`;
  return sql`${dialect.inTexts(sql`case when ${isDue} then '' else q.status end`, statuses)}`;
}

function isOpenOnly({ statuses }: Filters): boolean {
  return statuses?.every((status) => status === 'open') === true;
}

function ofSubject(log: number, { kind, id }: NonNullable<Filters['subject']>, before: number) {
  return sql`select n from questions
    where log = ${log} and subject_kind = ${kind} and subject_id = ${id} and n < ${before}`;
}

function ofChannel(table: string, log: number, channel: Channel, before: number) {
  return sql`select n from ${sql.table(table)} where log = ${log} and channel = ${channel} and n < ${before}`;
}

function ofStatus(log: number, status: string, before: number) {
  return sql`select n from questions where log = ${log} and status = ${status} and n < ${before}`;
}
