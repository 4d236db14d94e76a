import { type Grants, holds, LIMITS, type Question, userChannel } from '@belfry/protocol';
import { type SqlBool, sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import type { QuestionRow } from '../schema.ts';
import { questionRows } from './pages.ts';
import { isDue, questionOf } from './row.ts';
import { matchesSql, rangesOf } from './source.ts';

const OPEN = { statuses: ['open'] } as const;
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
  const [asked, own] = await Promise.all([othersOpen(context, log, grants, user), ownRows(context, log, grants, user)]);
  const rows = own.length === 0 ? asked : [...asked, ...own].sort((one, other) => other.n - one.n);
  return rows.map((row) => questionOf(row, context.now));
}

async function othersOpen(context: ReadContext, log: number, grants: Grants, user: string | null) {
  const ranges = await rangesOf(context, log, grants, OPEN);
  const isOpen = matchesSql(context, grants, OPEN);
  const condition = user === null ? isOpen : sql<SqlBool>`${isOpen} and (q.asker is null or q.asker <> ${user})`;
  return (await questionRows(context, log, ranges, condition, NEWEST)).rows;
}

/** The statuses stand in the text, as they do in the index. */
async function ownRows(context: ReadContext, log: number, grants: Grants, user: string | null): Promise<QuestionRow[]> {
  if (user === null || !holds(grants, userChannel(user))) return [];
  const { rows } = await sql<QuestionRow>`
    select q.* from questions q
    where q.log = ${log} and q.asker = ${user} and q.status in ('open', 'answered')
    order by q.n desc limit ${LIMITS.openQuestions}`.execute(context.db);
  return rows.filter((row) => !isDue(row, context.now));
}
