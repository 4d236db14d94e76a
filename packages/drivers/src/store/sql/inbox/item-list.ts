import type { NotificationContent } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import type { MarkTimes } from '../notifications/notification-row.ts';
import { candidatesSql, type Range, type Source } from './candidates.ts';
import { isRare, type Subject, subjectSql } from './subject-items.ts';
import type { Watermarks } from './watermarks.ts';

const MOST = 2_000;
const GROWTH = 4;

/** Candidates that one page looks at. All 40,000 of an inbox, for a filter that fits none, would take the better part of a second. */
export const PAGE_LOOKS = 5_000;

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

/** How a list goes about its search. */
export interface Search {
  /** Candidates to look at: there, the page ends where it is, with a cursor to go on from. Without it, all. */
  most?: number;
  /** What the condition asks for among others: looked up by itself where that is less to look at. */
  subject?: Subject | undefined;
}

/** Newest first. Looks at as many candidates as it takes, in growing steps, until the page is full. */
export async function listItems(
  context: ReadContext,
  source: Source,
  range: Range,
  condition: RawBuilder<SqlBool>,
  marks: Watermarks,
  limit: number,
  { most = Number.POSITIVE_INFINITY, subject }: Search = {},
): Promise<FoundPage> {
  const bySubject = subject !== undefined && (await isRare(context, source.log, subject, range.before));
  const met = bySubject ? sql<SqlBool>`${condition} and ${source.held}` : condition;
  const found: ItemRow[] = [];
  let [before, left, step] = [range.before, most, limit + 1];
  while (found.length <= limit && left > 0) {
    const size = Math.min(step, left);
    const candidates = bySubject
      ? subjectSql(source.log, subject, before, size)
      : candidatesSql(context, source, { ...range, before }, size);
    const rows = await itemRows(context, source, candidates, met);
    for (const row of rows) if (row.content !== null) found.push(row as ItemRow);
    if (rows.length < size) return pageOf(found, marks, limit, null);
    before = rows.at(-1)?.n ?? before;
    left -= rows.length;
    step = Math.min(MOST, step * GROWTH);
  }
  return pageOf(found, marks, limit, found.length > limit ? null : await cursorOf(context, source.log, before));
}

/** `next` is where to go on if no item is left over for that. */
function pageOf(found: ItemRow[], marks: Watermarks, limit: number, next: string | null): FoundPage {
  const items = found.slice(0, limit).map((row) => toItem(row, marks));
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.content.cursor ?? null) : next };
}

/** A candidate is always an item that is there, whose content holds its cursor, also past the retention of events. */
async function cursorOf(context: ReadContext, log: number, n: number | null): Promise<string> {
  const query = context.db.selectFrom('notifications').select('content').where('log', '=', log).where('n', '=', n);
  return JSON.parse((await query.executeTakeFirstOrThrow()).content).cursor;
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
  candidates: RawBuilder<{ n: number }>,
  condition: RawBuilder<SqlBool>,
): Promise<(Omit<ItemRow, 'content'> & { content: string | null })[]> {
  const { rows } = await sql<ItemRow>`
    with c as (${candidates})
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
export function marksOf(row: Omit<ItemRow, 'content'>, marks: Watermarks): MarkTimes {
  if (row.marked === null) return marks.timesOf({ n: row.n, type: row.type, recipients: JSON.parse(row.recipients) });
  return { seen: row.seen_at, read: row.read_at, archived: row.archived_at };
}
