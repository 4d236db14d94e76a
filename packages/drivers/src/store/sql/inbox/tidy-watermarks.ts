import type { WriteContext } from '../context.ts';
import type { Viewer } from './viewer.ts';
import { ANY_SCOPE, passes, spanOf, type Watermark } from './watermark-cover.ts';
import { deleteWatermarks } from './watermark-rows.ts';
import type { Watermarks } from './watermarks.ts';
import { writeOut } from './write-out.ts';

/** Older watermarks of one pattern and scope that are kept only so that what they marked keeps its time. */
const HISTORY = 10;
/** Grants (and starts) that a person's watermarks may have. Each costs a look at the recipients of an item. */
const MAX_SPANS = 16;

/** Keeps a person's watermarks few, and forgets nothing of what they mark. */
export async function tidyWatermarks(
  context: WriteContext,
  viewer: Viewer,
  marks: Watermarks,
  raised: readonly Watermark[],
): Promise<void> {
  const spare = historyPast(marks.rows, raised);
  await deleteWatermarks(context, spare);
  const left = marks.rows.filter((row) => !spare.includes(row));
  const going = oldestSpans(left, new Set(raised.map(spanOf)));
  if (going.length > 0) {
    const staying = left.filter((row) => !going.includes(row));
    await writeOut(context, viewer, going, staying);
    await deleteWatermarks(context, going);
  }
  await forgetScopes(context, viewer);
}

/** Of each pattern and scope that was raised: the oldest, where a newer one marks the same and more. */
function historyPast(rows: readonly Watermark[], raised: readonly Watermark[]): Watermark[] {
  return raised.flatMap(({ mark, pattern, scope }) => {
    const same = rows.filter((row) => row.mark === mark && row.pattern === pattern && row.scope === scope);
    const old = same.slice(0, Math.max(0, same.length - HISTORY));
    return old.filter((row) => same.some((newer) => newer !== row && passes(newer, row)));
  });
}

/** What must go to stay within the bound. What was just raised stays, and so does what holds for everything. */
function oldestSpans(rows: readonly Watermark[], raised: ReadonlySet<string>): Watermark[] {
  const scoped = rows.filter((row) => row.scope !== ANY_SCOPE);
  const excess = new Set(scoped.map(spanOf)).size - MAX_SPANS;
  const others = Map.groupBy(
    scoped.filter((row) => !raised.has(spanOf(row))),
    spanOf,
  );
  const oldestFirst = [...others.values()].sort((a, b) => lastUsed(a) - lastUsed(b));
  return oldestFirst.slice(0, Math.max(0, excess)).flat();
}

function lastUsed(span: readonly Watermark[]): number {
  return Math.max(...span.map((row) => row.at));
}

async function forgetScopes({ db }: WriteContext, { log, person }: Viewer): Promise<void> {
  const used = db.selectFrom('watermarks').select('scope').where('log', '=', log).where('person', '=', person);
  await db
    .deleteFrom('watermark_scopes')
    .where('log', '=', log)
    .where('person', '=', person)
    .where('scope', 'not in', used)
    .execute();
}
