import type { InboxQuery, Reader } from '@belfry/core';
import { type Channel, firstHeld, type InboxPage, type Notification, userChannel } from '@belfry/protocol';
import { sql } from 'kysely';
import { heldIn } from '../access/access-rows.ts';
import type { ReadContext, ReadOp } from '../context.ts';
import { findLog } from '../log/position.ts';
import { toNotification } from '../notifications/notification-row.ts';
import { personSource, type Range, type Source, WHOLE } from './candidates.ts';
import { countItems, unreadRows } from './counts.ts';
import { type Floor, topOf } from './floor.ts';
import { all, markedSql, wantedSql } from './item-filters.ts';
import { type FoundItem, type ItemRow, listItems, PAGE_LOOKS, toItem } from './item-list.ts';
import { type Viewer, viewerOf } from './viewer.ts';
import { Watermarks } from './watermarks.ts';

export const inbox: ReadOp<'inbox'> = async (context, { reader, query }) => {
  const log = await findLog(context, reader.tenant);
  return log === null ? NO_ITEMS : inboxPage(context, log, await heldIn(context, log, reader), query);
};

/** Null also where it is not theirs or has expired. */
export const inboxItem: ReadOp<'inboxItem'> = async (context, { reader: asked, id }) => {
  const log = await findLog(context, asked.tenant);
  if (log === null) return null;
  const reader = await heldIn(context, log, asked);
  const row = (await ownRows(context, log, reader, [id]))[0];
  if (row === undefined) return null;
  return toPersons(reader, toItem(row, await Watermarks.load(context, await viewerOf(context, log, reader))));
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

async function inboxPage(context: ReadContext, log: number, reader: Reader, query: InboxQuery): Promise<InboxPage> {
  const viewer = await viewerOf(context, log, reader);
  return pageFor(context, { reader, viewer, marks: await Watermarks.load(context, viewer) }, query);
}

/** A person's device, and what every list of theirs goes by. */
export interface InboxOf {
  reader: Reader;
  viewer: Viewer;
  marks: Watermarks;
}

export async function pageFor(context: ReadContext, of: InboxOf, query: InboxQuery): Promise<InboxPage> {
  const { reader, viewer, marks } = of;
  const source = await personSource(context, viewer);
  const page = await personsItems(context, source, marks, reader, query);
  const items = page.items.map((item) => toPersons(reader, item));
  return { items, ...(await countItems(context, source, marks, reader, query)), nextCursor: page.nextCursor };
}

function personsItems(context: ReadContext, source: Source, marks: Watermarks, reader: Reader, query: InboxQuery) {
  const condition = all(wantedSql(context, reader, query), CONDITIONS[query.filter](marks));
  const range = { ...RANGES[query.filter](marks, source), before: query.before };
  const past = query.filter === 'archived' ? archivedSource(source, marks) : source;
  const search = { most: PAGE_LOOKS, subject: query.subject };
  return listItems(context, past, range, condition, marks, query.limit, search);
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
