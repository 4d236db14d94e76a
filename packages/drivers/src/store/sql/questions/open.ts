import { EVERYTHING, type Grants, holds, LIMITS, type Question, userChannel } from '@belfry/protocol';
import { type SqlBool, sql } from 'kysely';
import { together } from '../all-over.ts';
import type { ReadContext } from '../context.ts';
import type { QuestionRow } from '../schema.ts';
import { questionRows, type Ranges } from './pages.ts';
import { questionOf } from './row.ts';
import { matchesSql, rangesOf } from './source.ts';

const OPEN = { statuses: ['open'] } as const;
const OWN = { statuses: ['open', 'answered'] } as const;
const NEWEST = { before: null, limit: LIMITS.openQuestions };

/**
 * What `state` shows, newest first: the newest open questions on these channels, whatever their age, and beside them the
 * person's own to services, pending and answered. `user` is null for a service.
 */
export async function openQuestions(
  context: ReadContext,
  log: number,
  grants: Grants,
  user: string | null,
): Promise<Question[]> {
  const [asked, own] = await together(othersOpen(context, log, grants, user), ownRows(context, log, grants, user));
  const rows = own.length === 0 ? asked : [...asked, ...own].sort((one, other) => other.n - one.n);
  return rows.map((row) => questionOf(row));
}

async function othersOpen(context: ReadContext, log: number, grants: Grants, user: string | null) {
  const ranges = await rangesOf(context, log, grants, OPEN);
  const isOpen = matchesSql(context, grants, OPEN);
  const condition = user === null ? isOpen : sql<SqlBool>`${isOpen} and (q.asker is null or q.asker <> ${user})`;
  return (await questionRows(context, log, ranges, condition, NEWEST)).rows;
}

async function ownRows(context: ReadContext, log: number, grants: Grants, user: string | null): Promise<QuestionRow[]> {
  if (user === null || !holds(grants, userChannel(user))) return [];
  const ranges: Ranges = (before) => OWN.statuses.map((status) => ofAsker(log, user, status, before));
  return (await questionRows(context, log, ranges, matchesSql(context, EVERYTHING, OWN), NEWEST)).rows;
}

function ofAsker(log: number, user: string, status: string, before: number) {
  return sql`select n from questions where log = ${log} and asker = ${user} and status = ${status} and n < ${before}`;
}
