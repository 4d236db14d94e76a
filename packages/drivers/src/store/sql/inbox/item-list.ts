import type { Channel, NotificationContent } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import type { MarkTimes } from '../notifications/notification-row.ts';
import type { Known } from '../numbers/settled.ts';
import { findCandidates, numbersOf, type Range, type Source } from './candidates.ts';
import { isRare, type Subject, subjectSql } from './subject-items.ts';
import type { Watermarks } from './watermarks.ts';

const MOST = 2_000;
const GROWTH = 4;

/** Candidates that one page looks at. All 40,000 of an inbox, for a filter that fits none, would take the better part of a second. */
export const PAGE_LOOKS = 5_000;

/** An item as a list finds it. */
export interface FoundItem {
  /** A NotificationContent, as JSON. */
  content: string;
  recipients: Channel[];
  marks: MarkTimes;
}

export interface FoundItems {
  items: FoundItem[];
  nextCursor: string | null;
}

/** How a list goes about its search. */
export interface Search {
  /** Candidates to look at: there, the page ends where it is, with a cursor to go on from. Without it, all. */
  most?: number;
  /** What the condition asks for among others: looked up by itself where that is less to look at. */
  subject?: Subject | undefined;
  /** The newest candidates, as far as they are known already. */
  first?: Known | null;
}

/** Newest first. Looks at as many candidates as it takes, in growing steps, until the page is full. */
export async function listItems(
  context: ReadContext,
  source: Source,
  range: Range,
  condition: RawBuilder<SqlBool>,
  marks: Watermarks,
  limit: number,
  { most = Number.POSITIVE_INFINITY, subject, first = null }: Search = {},
): Promise<FoundItems> {
  const bySubject = subject !== undefined && (await isRare(context, source.log, subject, range.before));
  const met = bySubject ? sql<SqlBool>`${condition} and ${source.held}` : condition;
  const candidates = (before: number | null, size: number) =>
    bySubject
      ? numbersOf(context, subjectSql(source.log, subject, before, size), size)
      : findCandidates(context, source, { ...range, before }, size);
  const found: ItemRow[] = [];
  let [before, left, step, known] = [range.before, most, limit + 1, bySubject ? null : first];
  while (found.length <= limit && left > 0) {
    const { numbers, isAll } = known ?? (await candidates(before, Math.min(step, left)));
    known = null;
    found.push(...(await itemRows(context, source, numbers, met)));
    if (isAll) return pageOf(found, marks, limit, null);
    before = numbers.at(-1) ?? before;
    left -= numbers.length;
    step = Math.min(MOST, step * GROWTH);
  }
  return pageOf(found, marks, limit, found.length > limit ? null : await cursorOf(context, source.log, before));
}

/** `next` is where to go on if no item is left over for that. */
function pageOf(found: ItemRow[], marks: Watermarks, limit: number, next: string | null): FoundItems {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  const nextCursor = last === undefined ? next : cursorIn(last.content);
  return { items: rows.map((row) => toItem(row, marks)), nextCursor };
}

function cursorIn(content: string): string {
  return (JSON.parse(content) as NotificationContent).cursor;
}

/** A candidate is always an item that is there, whose content holds its cursor, also past the retention of events. */
async function cursorOf(context: ReadContext, log: number, n: number | null): Promise<string> {
  const query = context.db.selectFrom('notifications').select('content').where('log', '=', log).where('n', '=', n);
  return cursorIn((await query.executeTakeFirstOrThrow()).content);
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

/** Newest first: those of these numbers that meet the condition. */
async function itemRows(
  { db, dialect }: ReadContext,
  { log, person }: Source,
  numbers: readonly number[],
  condition: RawBuilder<SqlBool>,
): Promise<ItemRow[]> {
  if (numbers.length === 0) return [];
  const { rows } = await sql<ItemRow>`
    select i.n, i.content, i.recipients, i.type, m.n as marked, m.seen_at, m.read_at, m.archived_at
    from ${dialect.numbers(numbers)} ${dialect.lookUp('notifications', 'i', sql`i.log = ${log} and i.n = t.value`)}
    left join marks m on m.log = ${log} and m.person = ${person} and m.n = t.value
    where ${condition}
    order by i.n desc`.execute(db);
  return rows;
}

export function toItem(row: ItemRow, marks: Watermarks): FoundItem {
  return { content: row.content, recipients: JSON.parse(row.recipients), marks: marksOf(row, marks) };
}

/** The row where there is one, else what the watermarks say. */
export function marksOf(row: Omit<ItemRow, 'content'>, marks: Watermarks): MarkTimes {
  if (row.marked === null && marks.rows.length === 0) return UNMARKED;
  if (row.marked === null) return marks.timesOf({ n: row.n, type: row.type, recipients: JSON.parse(row.recipients) });
  return { seen: row.seen_at, read: row.read_at, archived: row.archived_at };
}

const UNMARKED: MarkTimes = { seen: null, read: null, archived: null };
