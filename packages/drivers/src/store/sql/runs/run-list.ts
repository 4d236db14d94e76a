import type { Reader, RunQuery } from '@belfry/core';
import {
  EVERYTHING,
  formatCursor,
  type Grants,
  isFinished,
  LIMITS,
  type Page,
  type Run,
  within,
} from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { heldIn } from '../access/access-rows.ts';
import type { ReadContext, ReadOp } from '../context.ts';
import { PAGE_LOOKS } from '../inbox/item-list.ts';
import { checkAt, findLog } from '../log/position.ts';
import type { RunRow } from '../schema.ts';
import { type FoundRun, lookAtRuns, type RunSource } from './run-candidates.ts';
import { runOf } from './run-row.ts';
import { findRun, isSeen } from './runs.ts';

/** Looked at in one go, at most: as many as are wanted at first, then more each time. A run may hold 250 KB. */
const MOST = 500;
const GROWTH = 4;

export const runs: ReadOp<'runs'> = async (context, { tenant, reader, query }) => {
  const log = await findLog(context, tenant);
  if (log === null) return { items: [], nextCursor: null };
  const onlyOpen = query.status?.every((status) => !isFinished(status)) ?? false;
  const held = reader === null ? EVERYTHING : (await heldIn(context, log, reader)).grants;
  const grants = query.channels === undefined ? held : within(held, query.channels);
  const source: RunSource = { log, grants, onlyOpen, subject: query.subject };
  return pageOf(context, source, conditionOf(context, query), query);
};

export const run: ReadOp<'run'> = async (context, { tenant, reader, id }) => {
  const row = await visibleRun(context, tenant, reader, id);
  return row === null ? null : runOf(row);
};

export const runAnywhere: ReadOp<'runAnywhere'> = async ({ db }, { id }) => {
  const row = await db.selectFrom('runs').select('content').where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : runOf(row);
};

/** Null also where the reader holds none of its channels. */
export async function visibleRun(
  context: ReadContext,
  tenant: string,
  reader: Reader | null,
  id: string,
): Promise<RunRow | null> {
  const log = await findLog(context, tenant);
  const row = log === null ? undefined : await findRun(context, log, id);
  if (row === undefined) return null;
  return (await isSeen(context, row, reader)) ? row : null;
}

/** The newest unfinished ones, for `state`. */
export async function openRuns(context: ReadContext, log: number, grants: Grants): Promise<Run[]> {
  const source: RunSource = { log, grants, onlyOpen: true };
  const found = await lookAtRuns(context, source, sql`1 = 1`, null, LIMITS.stateRuns);
  return found.flatMap(asRun);
}

function conditionOf({ dialect }: ReadContext, { status, kind }: RunQuery): RawBuilder<SqlBool> {
  const isStatus = status === undefined ? sql`1 = 1` : dialect.inTexts(sql.ref('r.status'), status);
  return kind === undefined ? sql`${isStatus}` : sql`(${isStatus} and r.kind = ${kind})`;
}

/** Where a filter fits few, a page ends after so many looks, with a cursor to go on from. */
async function pageOf(
  context: ReadContext,
  source: RunSource,
  condition: RawBuilder<SqlBool>,
  { before, limit }: RunQuery,
): Promise<Page<Run>> {
  const items: Run[] = [];
  let last = before;
  let step = limit + 1;
  for (let looks = 0; looks < PAGE_LOOKS; ) {
    const found = await lookAtRuns(context, source, condition, last, step);
    for (const one of found) {
      if (one.content !== null && items.length === limit)
        return { items, nextCursor: await cursorAt(context, source.log, last) };
      items.push(...asRun(one));
      last = one.n;
    }
    if (found.length < step) return { items, nextCursor: null };
    looks += found.length;
    step = Math.min(MOST, step * GROWTH);
  }
  return { items, nextCursor: await cursorAt(context, source.log, last) };
}

function asRun({ content }: FoundRun): Run[] {
  return content === null ? [] : [runOf({ content })];
}

/** Past the retention of events any check value is good. */
async function cursorAt(context: ReadContext, log: number, n: number | null): Promise<string> {
  const at = n ?? 0;
  return formatCursor(context.epoch, { n: at, check: (await checkAt(context, log, at)) ?? '0' });
}
