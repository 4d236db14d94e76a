import type { InboxQuery, Reader } from '@belfry/core';
import { type Channel, firstHeld, type InboxPage, type Notification, userChannel } from '@belfry/protocol';
import { sql } from 'kysely';
import type { ReadContext, ReadOp } from '../context.ts';
import { notificationJson, toNotification } from '../notifications/notification-row.ts';
import { type FoundPage, findPage } from './find-page.ts';
import { type InboxOf, inboxOf } from './inbox-of.ts';
import { wantedSql } from './item-filters.ts';
import { type FoundItem, type ItemRow, toItem } from './item-list.ts';

export const inbox: ReadOp<'inbox'> = async (context, { reader, query }) => {
  const { inbox } = await inboxOf(context, reader);
  return inbox === null ? NO_ITEMS : pageFor(context, inbox, query);
};

export const inboxJson: ReadOp<'inboxJson'> = async (context, { reader, query }) => {
  const { inbox } = await inboxOf(context, reader);
  return inbox === null ? JSON.stringify(NO_ITEMS) : pageJson(inbox.reader, await findPage(context, inbox, query));
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
  const { items, ...page } = await findPage(context, of, query);
  return { items: items.map((item) => toPersons(of.reader, item)), ...page };
}

/** As `JSON.stringify` would write what `pageFor` gives. */
function pageJson(reader: Reader, { items, unread, unseen, nextCursor }: FoundPage): string {
  const texts = items.map((item) => notificationJson(item.content, channelFor(reader, item), item.marks));
  return `{"items":[${texts.join()}],"unread":${unread},"unseen":${unseen},"nextCursor":${JSON.stringify(nextCursor)}}`;
}

function toPersons(reader: Reader, item: FoundItem): Notification {
  return toNotification(JSON.parse(item.content), channelFor(reader, item), item.marks);
}

/** The one that it came to them by. */
export function channelFor(reader: Reader, { recipients }: Pick<FoundItem, 'recipients'>): Channel {
  return firstHeld(reader.grants, recipients) ?? userChannel(reader.user);
}
