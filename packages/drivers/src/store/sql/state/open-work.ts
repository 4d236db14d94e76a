import type { Reader, StateParts } from '@belfry/core';
import type { Grants, Question, Run } from '@belfry/protocol';
import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { openQuestions } from '../questions/open.ts';
import { openRuns } from '../runs/run-list.ts';

/** What `state` shows beside the inbox: questions to answer and runs under way. `user` is null for a service. */
export interface OpenWork {
  questions: Question[];
  runs: Run[];
}

export const NO_WORK: OpenWork = { questions: [], runs: [] };

type Parts = Pick<StateParts, 'questions' | 'runs'>;

export async function openWork(
  context: ReadContext,
  log: number,
  grants: Grants,
  user: string | null,
  parts: Parts,
): Promise<OpenWork> {
  const { questions, runs } = await workIn(context, log, parts);
  return workOf(context, log, grants, user, { questions, runs });
}

interface Asked {
  reader: Reader;
  parts: Parts;
}

/** The same for many people, in their order. One look tells which of them have any at all: storms ask for states. */
export async function openWorkOfEach(context: ReadContext, log: number, asked: readonly Asked[]): Promise<OpenWork[]> {
  const wanted = (part: keyof Parts) => asked.some(({ parts }) => parts[part]);
  const there = await workIn(context, log, { questions: wanted('questions'), runs: wanted('runs') });
  if (!there.questions && !there.runs) return asked.map(() => NO_WORK);
  const mayHave = await openFor(context, log, asked);
  const found: OpenWork[] = [];
  for (const { reader, parts } of asked) {
    const has = mayHave(reader);
    const theirs = {
      questions: parts.questions && there.questions && has.questions,
      runs: parts.runs && there.runs && has.runs,
    };
    found.push(await workOf(context, log, reader.grants, reader.user, theirs));
  }
  return found;
}

/** Whether a tenant has any of either: many have none, and each would take several looks. */
async function workIn(context: ReadContext, log: number, parts: Parts): Promise<Parts> {
  if (!parts.questions && !parts.runs) return parts;
  const { rows } = await sql<{ questions: unknown; runs: unknown }>`
    select exists (select 1 from questions where log = ${log}) as questions,
      exists (select 1 from runs where log = ${log} and is_open = 1) as runs`.execute(context.db);
  const has = rows[0];
  return { questions: parts.questions && Boolean(has?.questions), runs: parts.runs && Boolean(has?.runs) };
}

interface Row {
  kind: 'questions' | 'runs' | 'asked';
  name: string;
}

/** Says of a reader whether there may be any for them. Who holds prefixes may have some under each. */
async function openFor(
  { db, dialect }: ReadContext,
  log: number,
  asked: readonly Asked[],
): Promise<(reader: Reader) => Parts> {
  const channels = dialect.texts([...new Set(asked.flatMap(({ reader }) => reader.grants.exact))]);
  const people = dialect.texts([...new Set(asked.map(({ reader }) => reader.user))]);
  const { rows } = await sql<Row>`
    select 'questions' as kind, t.value as name from ${channels}
    where ${dialect.isThere('open_questions', 'q', sql`q.log = ${log} and q.channel = t.value`)}
    union all
    select 'runs', t.value from ${channels}
    where ${dialect.isThere('run_channels', 'r', sql`r.log = ${log} and r.channel = t.value and r.is_open = 1`)}
    union all
    select 'asked', t.value from ${people}
    where ${dialect.isThere('questions', 'q', sql`q.log = ${log} and q.asker = t.value and q.status in ('open', 'answered')`)}`.execute(
    db,
  );
  const named = (kind: Row['kind']) => new Set(rows.filter((row) => row.kind === kind).map(({ name }) => name));
  const [questions, runs, askers] = [named('questions'), named('runs'), named('asked')];
  return ({ user, grants: { everything, exact, prefixes } }) => {
    const isWide = everything || prefixes.length > 0;
    const holdsAny = (channels: ReadonlySet<string>) => isWide || exact.some((channel) => channels.has(channel));
    return { questions: holdsAny(questions) || askers.has(user), runs: holdsAny(runs) };
  };
}

async function workOf(
  context: ReadContext,
  log: number,
  grants: Grants,
  user: string | null,
  has: Parts,
): Promise<OpenWork> {
  return {
    questions: has.questions ? await openQuestions(context, log, grants, user) : [],
    runs: has.runs ? await openRuns(context, log, grants) : [],
  };
}
