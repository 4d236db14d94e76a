import type { CountQuery, Reader } from '@belfry/core';
import { type Counts, LIMITS } from '@belfry/protocol';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { heldIn } from '../access/access-rows.ts';
import type { ReadContext, ReadOp } from '../context.ts';
import { findLogAndHead } from '../log/position.ts';
import { candidatesSql, personSource, type Range, type Source } from './candidates.ts';
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
    const found = await countRange(context, source, marks, wantedSql(context, reader, narrow), range, STEP);
    total.unread += found.unread;
    total.unseen += found.unseen;
    const full = total.unread >= LIMITS.countCap;
    if (found.candidates < STEP || (full && total.unseen >= LIMITS.countCap)) return capped(total);
    range.before = found.lowest;
    if (full) range.above = higher(floor, marks.floor(['seen', 'archived'], source.channels));
  }
}

export const unreadRows = sql<boolean>`m.read_at is null and m.archived_at is null`;

function capped({ unread, unseen }: Counts): Counts {
  return { unread: Math.min(unread, LIMITS.countCap), unseen: Math.min(unseen, LIMITS.countCap) };
}

interface RangeCount extends Counts {
  candidates: number;
  lowest: number;
}

async function countRange(
  context: ReadContext,
  source: Source,
  marks: Watermarks,
  wanted: RawBuilder<SqlBool>,
  range: Range,
  limit: number,
): Promise<RangeCount> {
  const { rows } = await sql<RangeCount>`
    with c as (${candidatesSql(context, source, range, limit)})
    select count(*) as candidates, coalesce(min(c.n), 0) as lowest,
      coalesce(sum(case when i.n is not null and ${markedSql.unread(marks)} then 1 else 0 end), 0) as unread,
      coalesce(sum(case when i.n is not null and ${markedSql.unseen(marks)} then 1 else 0 end), 0) as unseen
    from c
    left join notifications i on i.log = ${source.log} and i.n = c.n and ${wanted}
    left join marks m on m.log = ${source.log} and m.person = ${source.person} and m.n = c.n`.execute(context.db);
  return rows[0] as RangeCount;
}
