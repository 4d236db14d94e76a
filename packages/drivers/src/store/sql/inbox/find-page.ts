import type { InboxQuery, Reader } from '@belfry/core';
import type { InboxPage } from '@belfry/protocol';
import { sql } from 'kysely';
import { together } from '../all-over.ts';
import type { ReadContext } from '../context.ts';
import type { Known } from '../numbers/settled.ts';
import { personSource, type Range, type Source, WHOLE } from './candidates.ts';
import { countItems, toCount } from './counts.ts';
import { type Floor, topOf } from './floor.ts';
import type { InboxOf } from './inbox-of.ts';
import { all, markedSql, unreadRows, wantedSql } from './item-filters.ts';
import { type FoundItem, listItems, PAGE_LOOKS } from './item-list.ts';
import type { Watermarks } from './watermarks.ts';

/** A person's page with its counts, before its items are written out. */
export type FoundPage = Omit<InboxPage, 'items'> & { items: FoundItem[] };

export async function findPage(context: ReadContext, of: InboxOf, query: InboxQuery): Promise<FoundPage> {
  const { reader, viewer, marks } = of;
  const source = await personSource(context, viewer);
  const known = await toCount(context, source, marks, reader, query);
  const [page, counts] = await together(
    personsItems(context, source, marks, reader, query, known.newest),
    countItems(context, source, marks, reader, query, known),
  );
  return { items: page.items, ...counts, nextCursor: page.nextCursor };
}

function personsItems(
  context: ReadContext,
  source: Source,
  marks: Watermarks,
  reader: Reader,
  query: InboxQuery,
  newest: Known | null,
) {
  const condition = all(wantedSql(context, reader, query), CONDITIONS[query.filter](marks));
  const range = { ...RANGES[query.filter](marks, source), before: query.before };
  const past = query.filter === 'archived' ? archivedSource(source, marks) : source;
  const search = { most: PAGE_LOOKS, subject: query.subject, first: newest && firstOf(newest, marks, source, query) };
  return listItems(context, past, range, condition, marks, query.limit, search);
}

/**
 * What such a list looks at first, where the newest to count tell it: above all that is marked as read or archived, both
 * go through the same. Null: they don't.
 */
function firstOf(newest: Known, marks: Watermarks, { channels }: Source, query: InboxQuery): Known | null {
  if (query.filter === 'archived' || query.before !== null) return null;
  const top = topOf(marks.floor(['read', 'archived'], channels));
  const numbers = newest.numbers.filter((n) => n > top).slice(0, query.limit + 1);
  if (numbers.length > query.limit) return { numbers, isAll: false };
  return newest.isAll && top === 0 ? newest : null;
}

const CONDITIONS = { all: markedSql.kept, unread: markedSql.unread, archived: markedSql.archived };

/** Where each filter's items can be: above a watermark, or marked back one by one below it. */
const RANGES: Record<InboxQuery['filter'], (marks: Watermarks, source: Source) => Range> = {
  all: (marks, { channels }) => above(marks.floor(['archived'], channels), sql`m.archived_at is null`),
  unread: (marks, { channels }) => above(marks.floor(['read', 'archived'], channels), unreadRows),
  archived: () => ({ ...WHOLE, rows: sql`m.archived_at is not null` }),
};

function above(floor: Floor, rows: Range['rows']): Range {
  const top = topOf(floor);
  return top === 0 ? WHOLE : { above: floor, before: null, rows, rowsUpTo: top };
}

/** Who never archived all has archived items by row only. */
function archivedSource(source: Source, marks: Watermarks): Source {
  return marks.ceiling('archived') === 0 ? { ...source, channels: [] } : source;
}
