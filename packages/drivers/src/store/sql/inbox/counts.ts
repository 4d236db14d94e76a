import type { CountQuery, Reader } from '@belfry/core';
import { type Counts, LIMITS } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadContext, ReadOp } from '../context.ts';
import type { Known } from '../numbers/settled.ts';
import { findCandidates, personSource, type Range, type Source } from './candidates.ts';
import { countByNumber } from './count-by-number.ts';
import { countSome, someItems } from './count-some.ts';
import { higher, topOf } from './floor.ts';
import { inboxOf } from './inbox-of.ts';
import { markedSql, unreadRows, wantedSql, wantsAll } from './item-filters.ts';
import type { Watermarks } from './watermarks.ts';

/** As many as fill a count: who has fewer costs no more by it, and who has more is counted by one statement. */
const STEP = LIMITS.countCap;

export const counts: ReadOp<'counts'> = async (context, { reader: asked, narrow }) => {
  const { inbox, head: at } = await inboxOf(context, asked);
  if (inbox === null) return { unread: 0, unseen: 0, at };
  const { reader, viewer, marks } = inbox;
  const source = await personSource(context, viewer);
  return { ...(await countItems(context, source, marks, reader, narrow)), at };
};

/** What a count looks at first. */
export interface ToCount {
  /** The newest that can be unread. Null: they need not be found. */
  newest: Known | null;
  /** Whichever there are, which may fill the counts. */
  some: Known | null;
}

/**
 * For who lists them too: where some are all, they are the newest as well. Where they are not, the newest of a page are a
 * question more.
 */
export async function toCount(
  context: ReadContext,
  source: Source,
  marks: Watermarks,
  reader: Reader,
  narrow: CountQuery,
): Promise<ToCount> {
  const isPlain = !context.dialect.questionsTravel && wantsAll(reader, narrow);
  const some = isPlain ? await someItems(context, source, marks) : null;
  if (some === null) return { newest: await newestToCount(context, source, marks), some };
  return { newest: some.isAll ? { ...some, numbers: some.numbers.toSorted((one, other) => other - one) } : null, some };
}

/** The newest that can be unread. */
function newestToCount(context: ReadContext, source: Source, marks: Watermarks): Promise<Known> {
  return findCandidates(context, source, unreadRange(source, marks), STEP);
}

/** Below the read watermark only rows that were marked back can be unread. */
function unreadRange({ channels }: Source, marks: Watermarks): Range {
  const floor = marks.floor(['read', 'archived'], channels);
  return { above: floor, before: null, rows: unreadRows, rowsUpTo: topOf(floor) };
}

/**
 * Counts down from the newest item and stops at the cap. What is unseen is unread, so once the first count is full only
 * unseen ones are looked for.
 */
export async function countItems(
  context: ReadContext,
  source: Source,
  marks: Watermarks,
  reader: Reader,
  narrow: CountQuery = {},
  known?: ToCount,
): Promise<Counts> {
  const newest = known?.newest ?? null;
  const some =
    newest === null && wantsAll(reader, narrow) ? await countSome(context, source, marks, known?.some) : null;
  if (some !== null) return capped(some);
  const range = unreadRange(source, marks);
  const total = { unread: 0, unseen: 0 };
  for (let found = newest ?? (await newestToCount(context, source, marks)); ; ) {
    const { numbers, isAll } = found;
    const { unread, unseen } = await countOf(context, source, marks, reader, narrow, numbers);
    total.unread += unread;
    total.unseen += unseen;
    const full = total.unread >= LIMITS.countCap;
    if (isAll || (full && total.unseen >= LIMITS.countCap)) return capped(total);
    range.before = numbers.at(-1) ?? range.before;
    if (full) range.above = higher(range.above, marks.floor(['seen', 'archived'], source.channels));
    found = await findCandidates(context, source, range, STEP);
  }
}

function capped({ unread, unseen }: Counts): Counts {
  return { unread: Math.min(unread, LIMITS.countCap), unseen: Math.min(unseen, LIMITS.countCap) };
}

/** By a look at each only where numbers don't say it: to look up a thousand items takes longer than all the rest. */
async function countOf(
  context: ReadContext,
  source: Source,
  marks: Watermarks,
  reader: Reader,
  narrow: CountQuery,
  numbers: readonly number[],
): Promise<Counts> {
  if (numbers.length === 0) return { unread: 0, unseen: 0 };
  const byNumber = wantsAll(reader, narrow) ? await countByNumber(context, source, marks, numbers) : null;
  return byNumber ?? countByItem(context, source, marks, wantedSql(context, reader, narrow), numbers);
}

async function countByItem(
  { dialect, db }: ReadContext,
  { log, person }: Source,
  marks: Watermarks,
  wanted: RawBuilder<SqlBool>,
  numbers: readonly number[],
): Promise<Counts> {
  const { rows } = await sql<Counts>`
    select coalesce(sum(case when ${markedSql.unread(marks)} then 1 else 0 end), 0) as unread,
      coalesce(sum(case when ${markedSql.unseen(marks)} then 1 else 0 end), 0) as unseen
    from ${dialect.numbers(numbers)}
    ${dialect.lookUp('notifications', 'i', sql`i.log = ${log} and i.n = t.value and ${wanted}`)}
    left join marks m on m.log = ${log} and m.person = ${person} and m.n = t.value`.execute(db);
  return rows[0] as Counts;
}
