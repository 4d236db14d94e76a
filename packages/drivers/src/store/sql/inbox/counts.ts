import type { CountQuery, Reader } from '@belfry/core';
import { type Counts, LIMITS } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { heldIn } from '../access/access-rows.ts';
import type { ReadContext, ReadOp } from '../context.ts';
import { findLogAndHead } from '../log/position.ts';
import { findCandidates, personSource, type Range, type Source } from './candidates.ts';
import { higher, topOf } from './floor.ts';
import { markedSql, wantedSql } from './item-filters.ts';
import { viewerOf } from './viewer.ts';
import { Watermarks } from './watermarks.ts';

/** As many as fill a count: who has fewer costs no more by it, and who has more is counted by one statement. */
const STEP = LIMITS.countCap;

export const counts: ReadOp<'counts'> = async (context, { reader: asked, narrow }) => {
  const { log, head: at } = await findLogAndHead(context, asked.tenant);
  if (log === null) return { unread: 0, unseen: 0, at };
  const reader = await heldIn(context, log, asked);
  const viewer = await viewerOf(context, log, reader);
  const source = await personSource(context, viewer);
  return { ...(await countItems(context, source, await Watermarks.load(context, viewer), reader, narrow)), at };
};

/**
 * Counts down from the newest item and stops at the cap. Below the read watermark only rows that were marked back can
 * be unread; and what is unseen is unread, so once the first count is full only unseen ones are looked for.
 */
export async function countItems(
  context: ReadContext,
  source: Source,
  marks: Watermarks,
  reader: Reader,
  narrow: CountQuery = {},
): Promise<Counts> {
  const floor = marks.floor(['read', 'archived'], source.channels);
  const range: Range = { above: floor, before: null, rows: unreadRows, rowsUpTo: topOf(floor) };
  const total = { unread: 0, unseen: 0 };
  for (;;) {
    const { numbers, isAll } = await findCandidates(context, source, range, STEP);
    const found = await countOf(context, source, marks, wantedSql(context, reader, narrow), numbers);
    total.unread += found.unread;
    total.unseen += found.unseen;
    const full = total.unread >= LIMITS.countCap;
    if (isAll || (full && total.unseen >= LIMITS.countCap)) return capped(total);
    range.before = numbers.at(-1) ?? range.before;
    if (full) range.above = higher(floor, marks.floor(['seen', 'archived'], source.channels));
  }
}

export const unreadRows = sql<boolean>`m.read_at is null and m.archived_at is null`;

function capped({ unread, unseen }: Counts): Counts {
  return { unread: Math.min(unread, LIMITS.countCap), unseen: Math.min(unseen, LIMITS.countCap) };
}

async function countOf(
  context: ReadContext,
  { log, person }: Source,
  marks: Watermarks,
  wanted: RawBuilder<SqlBool>,
  numbers: readonly number[],
): Promise<Counts> {
  if (numbers.length === 0) return { unread: 0, unseen: 0 };
  const { dialect, db } = context;
  const { rows } = await sql<Counts>`
    select coalesce(sum(case when ${markedSql.unread(marks)} then 1 else 0 end), 0) as unread,
      coalesce(sum(case when ${markedSql.unseen(marks)} then 1 else 0 end), 0) as unseen
    from ${dialect.numbers(numbers)}
    ${dialect.lookUp('notifications', 'i', sql`i.log = ${log} and i.n = t.value and ${wanted}`)}
    left join marks m on m.log = ${log} and m.person = ${person} and m.n = t.value`.execute(db);
  return rows[0] as Counts;
}
