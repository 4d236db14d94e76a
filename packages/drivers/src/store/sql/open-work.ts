import type { StateParts } from '@belfry/core';
import type { Grants, Question, Run } from '@belfry/protocol';
import { sql } from 'kysely';
import type { ReadContext } from './context.ts';
import { openQuestions } from './questions/open.ts';
import { openRuns } from './run-list.ts';

/** What `state` shows beside the inbox: questions to answer and runs under way. `user` is null for a service. */
export interface OpenWork {
  questions: Question[];
  runs: Run[];
}

export const NO_WORK: OpenWork = { questions: [], runs: [] };

/** One look tells where a tenant has none of either, as many have: each would take several, and storms ask for states. */
export async function openWork(
  context: ReadContext,
  log: number,
  grants: Grants,
  user: string | null,
  parts: StateParts,
): Promise<OpenWork> {
  if (!parts.questions && !parts.runs) return NO_WORK;
  const { rows } = await sql<{ questions: unknown; runs: unknown }>`
    select exists (select 1 from questions where log = ${log}) as questions,
      exists (select 1 from runs where log = ${log} and is_open = 1) as runs`.execute(context.db);
  const has = rows[0];
  return {
    questions: parts.questions && has?.questions ? await openQuestions(context, log, grants, user) : [],
    runs: parts.runs && has?.runs ? await openRuns(context, log, grants) : [],
  };
}
