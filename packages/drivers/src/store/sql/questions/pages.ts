import { formatCursor } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import type { QuestionRow } from '../schema.ts';

const MOST = 2_000;
const GROWTH = 4;
/** Candidates that one page looks at: there it ends, with a cursor to go on from. */
const PAGE_LOOKS = 5_000;

/** Where a list finds its questions: index ranges that each select `n`, all of them below a number. */
export type Ranges = (before: number) => RawBuilder<unknown>[];

export interface RowPage {
  rows: QuestionRow[];
  nextCursor: string | null;
}

/** Newest first. Looks at as many candidates as it takes, in growing steps, until the page is full. */
export async function questionRows(
  context: ReadContext,
  log: number,
  ranges: Ranges,
  condition: RawBuilder<SqlBool>,
  { before, limit }: { before: number | null; limit: number },
): Promise<RowPage> {
  const found: QuestionRow[] = [];
  let [from, left, step] = [before ?? Number.MAX_SAFE_INTEGER, PAGE_LOOKS, limit + 1];
  while (found.length <= limit && left > 0) {
    const size = Math.min(step, left);
    const looked = await candidates(context, log, ranges(from), condition, size);
    for (const row of looked) if (row.id !== null) found.push(row as QuestionRow);
    if (looked.length < size) return pageOf(context, found, limit);
    from = looked.at(-1)?.candidate ?? from;
    left -= looked.length;
    step = Math.min(MOST, step * GROWTH);
  }
  if (found.length > limit) return pageOf(context, found, limit);
  return { rows: found, nextCursor: await cursorAt(context, log, from) };
}

type Looked = { candidate: number } & (QuestionRow | { id: null });

/** One row a candidate; without an id where the condition is not met. */
async function candidates(
  { db, dialect }: ReadContext,
  log: number,
  ranges: RawBuilder<unknown>[],
  condition: RawBuilder<SqlBool>,
  size: number,
): Promise<Looked[]> {
  if (ranges.length === 0) return [];
  const { rows } = await sql<Looked>`
    with c as (${dialect.merge(ranges, 'desc', size)})
    select c.n as candidate, q.* from c left join questions q on q.log = ${log} and q.n = c.n and ${condition}
    order by c.n desc`.execute(db);
  return rows;
}

function pageOf({ epoch }: ReadContext, found: QuestionRow[], limit: number): RowPage {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, nextCursor: last === undefined ? null : formatCursor(epoch, { n: last.n, check: last.check_value }) };
}

async function cursorAt({ db, epoch }: ReadContext, log: number, n: number): Promise<string> {
  const query = db.selectFrom('questions').select('check_value').where('log', '=', log).where('n', '=', n);
  return formatCursor(epoch, { n, check: (await query.executeTakeFirstOrThrow()).check_value });
}
