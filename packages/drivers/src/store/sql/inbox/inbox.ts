import type { InboxQuery, Reader } from '@belfry/core';
import { type Channel, firstHeld, type InboxPage, type Notification, userChannel } from '@belfry/protocol';
import { sql } from 'kysely';
import { together } from '../all-over.ts';
import type { ReadContext, ReadOp } from '../context.ts';
import { toNotification } from '../notifications/notification-row.ts';
import type { Known } from '../numbers/settled.ts';
import { personSource, type Range, type Source, WHOLE } from './candidates.ts';
import { countItems, newestToCount } from './counts.ts';
import { type Floor, topOf } from './floor.ts';
import { type InboxOf, inboxOf } from './inbox-of.ts';
import { all, markedSql, unreadRows, wantedSql } from './item-filters.ts';
import { type FoundItem, type ItemRow, listItems, PAGE_LOOKS, toItem } from './item-list.ts';
import type { Watermarks } from './watermarks.ts';

export const inbox: ReadOp<'inbox'> = async (context, { reader, query }) => {
  const { inbox } = await inboxOf(context, reader);
  return inbox === null ? NO_ITEMS : pageFor(context, inbox, query);
};

/** Null also where it is not theirs or has expired. */
export const inboxItem: ReadOp<'inboxItem'> = async (context, { reader: asked, id }) => {
  const { inbox } = await inboxOf(context, asked);
  if (inbox === null) return null;
  const { reader, viewer, marks } = inbox;
  const [row] = await ownRows(context, viewer.log, reader, [id]);
  return row === undefined ? null : toPersons(reader, toItem(row, marks));
};

/** Those of these ids that are the person's, with the person's own row where there is one. */
export async function ownRows(
  context: ReadContext,
  log: number,
  reader: Reader,
  ids: readonly string[],
): Promise<ItemRow[]> {
  const { rows } = await sql<ItemRow & { created_at: number }>`
    select i.n, i.content, i.recipients, i.type, i.created_at,
      m.n as marked, m.seen_at, m.read_at, m.archived_at
    from ${context.dialect.texts(ids)} ${context.dialect.lookUp('notifications', 'i', sql`i.log = ${log} and i.id = t.value`)}
    left join marks m on m.log = i.log and m.person = ${reader.user} and m.n = i.n
    where ${wantedSql(context, reader)}
    order by i.n`.execute(context.db);
  return rows.filter((row) => isTheirs(reader, JSON.parse(row.recipients), row.created_at));
}

function isTheirs(reader: Reader, to: readonly Channel[], createdAt: number): boolean {
  if (createdAt >= reader.since) return firstHeld(reader.grants, to) !== null;
  const own = userChannel(reader.user);
  return to.includes(own) && firstHeld(reader.grants, [own]) !== null;
}

export const NO_ITEMS: InboxPage = { items: [], unread: 0, unseen: 0, nextCursor: null };

export async function pageFor(context: ReadContext, of: InboxOf, query: InboxQuery): Promise<InboxPage> {
  const { reader, viewer, marks } = of;
  const source = await personSource(context, viewer);
  const newest = await newestToCount(context, source, marks);
  const [page, counts] = await together(
    personsItems(context, source, marks, reader, query, newest),
    countItems(context, source, marks, reader, query, newest),
  );
  const items = page.items.map((item) => toPersons(reader, item));
  return { items, ...counts, nextCursor: page.nextCursor };
}

function personsItems(
  context: ReadContext,
  source: Source,
  marks: Watermarks,
  reader: Reader,
  query: InboxQuery,
  newest: Known,
) {
  const condition = all(wantedSql(context, reader, query), CONDITIONS[query.filter](marks));
  const range = { ...RANGES[query.filter](marks, source), before: query.before };
  const past = query.filter === 'archived' ? archivedSource(source, marks) : source;
  const search = { most: PAGE_LOOKS, subject: query.subject, first: firstOf(newest, marks, source, query) };
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

export function toPersons(reader: Reader, { content, recipients, marks }: FoundItem): Notification {
  return toNotification(content, firstHeld(reader.grants, recipients) ?? userChannel(reader.user), marks);
}
