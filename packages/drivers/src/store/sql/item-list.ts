import type { NotificationContent } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { candidatesSql, type Range, type Source } from './candidates.ts';
import type { ReadContext } from './context.ts';
import type { MarkTimes } from './notification-row.ts';
import type { Watermarks } from './watermarks.ts';

const MOST = 2_000;
const GROWTH = 4;

/** An item as a list finds it. */
export interface FoundItem {
  content: NotificationContent;
  recipients: string[];
  marks: MarkTimes;
}

export interface FoundPage {
  items: FoundItem[];
  nextCursor: string | null;
}

/** Newest first. Looks at as many candidates as it takes, in growing steps, until the page is full. */
export async function listItems(
  context: ReadContext,
  source: Source,
  range: Range,
  condition: RawBuilder<SqlBool>,
  marks: Watermarks,
  limit: number,
): Promise<FoundPage> {
  const found: ItemRow[] = [];
  let step = limit + 1;
  for (let before = range.before; found.length <= limit; step = Math.min(MOST, step * GROWTH)) {
    const rows = await itemRows(context, source, { ...range, before }, condition, step);
    for (const row of rows) if (row.content !== null) found.push(row as ItemRow);
    if (rows.length < step) break;
    before = rows.at(-1)?.n ?? before;
  }
  const items = found.slice(0, limit).map((row) => toItem(row, marks));
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.content.cursor ?? null) : null };
}

export interface ItemRow {
  n: number;
  content: string;
  recipients: string;
  type: string;
  /** Null where the person has no row. */
  marked: number | null;
  seen_at: number | null;
  read_at: number | null;
  archived_at: number | null;
}

/** One row a candidate; `content` is null where the condition is not met. */
async function itemRows(
  context: ReadContext,
  source: Source,
  range: Range,
  condition: RawBuilder<SqlBool>,
  limit: number,
): Promise<(Omit<ItemRow, 'content'> & { content: string | null })[]> {
  const { rows } = await sql<ItemRow>`
    with c as (${candidatesSql(context, source, range, limit)})
    select c.n, i.content, i.recipients, i.type, m.n as marked, m.seen_at, m.read_at, m.archived_at
    from c
    left join marks m on m.log = ${source.log} and m.person = ${source.person} and m.n = c.n
    left join notifications i on i.log = ${source.log} and i.n = c.n and ${condition}
    order by c.n desc`.execute(context.db);
  return rows;
}

export function toItem(row: ItemRow, marks: Watermarks): FoundItem {
  return { content: JSON.parse(row.content), recipients: JSON.parse(row.recipients), marks: marksOf(row, marks) };
}

/** The row where there is one, else what the watermarks say. */
export function marksOf(row: Omit<ItemRow, 'content' | 'recipients'>, marks: Watermarks): MarkTimes {
  if (row.marked === null) return marks.timesOf(row.n, row.type);
  return { seen: row.seen_at, read: row.read_at, archived: row.archived_at };
}
