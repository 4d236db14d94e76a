import { type BelfryError, invalid } from '@belfry/protocol';
import type { WriteContext } from '../context.ts';
import { ALL_TYPES } from '../type-match.ts';
import { tidyWatermarks } from './tidy-watermarks.ts';
import { scopeOf, type Viewer } from './viewer.ts';
import { grantsText, joinedFrom, passes, type Watermark } from './watermark-cover.ts';
import { deleteWatermarks } from './watermark-rows.ts';
import { type WatermarkKind, Watermarks } from './watermarks.ts';

/** Type patterns a person's watermarks may have, by any of their grants. Each costs a comparison an item. */
const MAX_PATTERNS = 100;

type Scoped = Viewer & { scope: string };

/** Marks what this viewer can see up to `n`, of the types that match one of the patterns. */
export async function raise(
  context: WriteContext,
  viewer: Viewer,
  marks: Watermarks,
  mark: WatermarkKind,
  patterns: readonly string[],
  n: number,
  at: number,
): Promise<void> {
  const scoped = { ...viewer, scope: scopeOf(viewer) };
  const raised = patterns
    .map((pattern) => newWatermark(scoped, marks, mark, pattern, n, at))
    .filter((row) => !marks.rows.some((other) => passes(other, row)));
  if (raised.length === 0) return;
  await boundPatterns(context, marks, raised);
  await insert(context, scoped, raised);
  await tidyWatermarks(context, viewer, await Watermarks.load(context, viewer), raised);
}

function newWatermark(
  { log, person, scope, grants, sharedFrom }: Scoped,
  marks: Watermarks,
  mark: WatermarkKind,
  pattern: string,
  n: number,
  at: number,
): Watermark {
  const olders = marks.rows.filter((row) => row.mark === mark && row.pattern === pattern && row.scope === scope);
  const shared_from = joinedFrom(olders, n, sharedFrom);
  return { log, person, mark, pattern, scope, n, shared_from, at, grants, isWhole: true };
}

async function insert(
  { db }: WriteContext,
  { log, person, scope, grants }: Scoped,
  raised: readonly Watermark[],
): Promise<void> {
  await db
    .insertInto('watermark_scopes')
    .values({ log, person, scope, grants: grantsText(grants) })
    .onConflict((conflict) => conflict.columns(['log', 'person', 'scope']).doNothing())
    .execute();
  const rows = raised.map(({ grants: _, isWhole: __, ...row }) => row);
  await db.insertInto('watermarks').values(rows).execute();
}

/** At the bound, what a later mark of everything has passed is forgotten; what still tells something is not. */
async function boundPatterns(context: WriteContext, marks: Watermarks, raised: readonly Watermark[]): Promise<void> {
  if (patternsOf([...marks.rows, ...raised]) <= MAX_PATTERNS) return;
  const ofAll = marks.rows.filter((row) => row.pattern === ALL_TYPES);
  const isPassed = (row: Watermark) => row.pattern !== ALL_TYPES && ofAll.some((other) => passes(other, row));
  const telling = marks.rows.filter((row) => !isPassed(row));
  if (patternsOf([...telling, ...raised]) > MAX_PATTERNS) throw tooManyPatterns();
  await deleteWatermarks(context, marks.rows.filter(isPassed));
}

function patternsOf(rows: readonly Watermark[]): number {
  const typed = rows.filter((row) => row.pattern !== ALL_TYPES);
  return new Set(typed.map((row) => `${row.scope} ${row.pattern}`)).size;
}

function tooManyPatterns(): BelfryError {
  return invalid(
    'types',
    `This person has marked all of ${MAX_PATTERNS} different types already. Leave types out, or use patterns that end in *.`,
  );
}
