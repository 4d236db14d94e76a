import { type Channel, type Counts, matchesType, type Notification, type NotificationContent } from '@belfry/protocol';
import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { type MarkTimes, toNotification } from '../notifications/notification-row.ts';
import { channelFor } from './inbox.ts';
import type { InboxOf } from './inbox-of.ts';
import { marksOf } from './item-list.ts';
import type { Viewer } from './viewer.ts';

export interface SharedPage {
  items: Notification[];
  /** Null where there is more than the page, and it has to be counted. */
  counts: Counts | null;
  nextCursor: string | null;
}

/**
 * The newest page of many inboxes whose people hold their channels by name and have archived nothing by a watermark.
 * People who come together share most of their channels: each is looked at once for all of them, and so is each item.
 * Left out are those whose page takes a longer look.
 */
export async function sharedPages(
  context: ReadContext,
  log: number,
  inboxes: readonly InboxOf[],
  limit: number,
): Promise<Map<InboxOf, SharedPage>> {
  const newest = await newestOn(context, log, inboxes, limit + 1);
  const numbers = inboxes.map(({ viewer }) => numbersFor(viewer, newest, limit + 1));
  const items = await itemsAt(context, log, [...new Set(numbers.flat())]);
  const rows = await markRows(context, log, inboxes, numbers);
  const pages = new Map<InboxOf, SharedPage>();
  for (const [index, inbox] of inboxes.entries()) {
    const looked = (numbers[index] ?? []).flatMap((n) => items.get(n) ?? []);
    const page = pageOf(context, inbox, looked, rows.get(inbox.viewer.person), limit);
    if (page !== null) pages.set(inbox, page);
  }
  return pages;
}

/** The newest numbers of each channel that any of them holds. */
async function newestOn(
  { db, dialect }: ReadContext,
  log: number,
  inboxes: readonly InboxOf[],
  most: number,
): Promise<Map<Channel, number[]>> {
  const channels = [...new Set(inboxes.flatMap(({ viewer }) => viewer.grants.exact))];
  if (channels.length === 0) return new Map();
  const newest = sql`select a.n from addressed a
    where a.log = ${log} and a.channel = t.value order by a.n desc limit ${most}`;
  const { rows } = await sql<{ channel: Channel; numbers: string | null }>`
    select t.value as channel, ${dialect.listOf(newest)} as numbers from ${dialect.texts(channels)}`.execute(db);
  return new Map(rows.map(({ channel, numbers }) => [channel, JSON.parse(numbers ?? '[]')]));
}

/** What a person has on their channels, newest first: of each the newest are enough for the newest of all. */
function numbersFor(
  { own, sharedFrom, grants }: Viewer,
  newest: ReadonlyMap<Channel, readonly number[]>,
  most: number,
): number[] {
  const numbers = new Set<number>();
  for (const channel of grants.exact) {
    const from = channel === own ? 0 : sharedFrom;
    for (const n of newest.get(channel) ?? []) if (n >= from) numbers.add(n);
  }
  return [...numbers].sort((one, other) => other - one).slice(0, most);
}

interface Item {
  n: number;
  type: string;
  recipients: string;
  expires_at: number | null;
  /** Parsed once, however many have it. */
  parsed: Parsed;
}

interface Parsed {
  content: NotificationContent;
  recipients: Channel[];
}

async function itemsAt(
  { db, dialect }: ReadContext,
  log: number,
  numbers: readonly number[],
): Promise<Map<number, Item>> {
  if (numbers.length === 0) return new Map();
  const { rows } = await sql<Omit<Item, 'parsed'> & { content: string }>`
    select i.n, i.type, i.content, i.recipients, i.expires_at from ${dialect.numbers(numbers)}
    ${dialect.lookUp('notifications', 'i', sql`i.log = ${log} and i.n = t.value`)}`.execute(db);
  return new Map(
    rows.map(({ content, ...row }) => {
      const parsed = { content: JSON.parse(content), recipients: JSON.parse(row.recipients) };
      return [row.n, { ...row, parsed }];
    }),
  );
}

interface MarkedRow {
  person: string;
  marked: number;
  seen_at: number | null;
  read_at: number | null;
  archived_at: number | null;
}

type Marked = ReadonlyMap<number, MarkedRow>;

/** By person, the rows of theirs for these items. */
async function markRows(
  { db, dialect }: ReadContext,
  log: number,
  inboxes: readonly InboxOf[],
  numbers: readonly (readonly number[])[],
): Promise<Map<string, Marked>> {
  const pairs = inboxes.flatMap(({ viewer }, index) => (numbers[index] ?? []).map((n) => [viewer.person, n] as const));
  if (pairs.length === 0) return new Map();
  const { rows } = await sql<MarkedRow>`
    select m.person, m.n as marked, m.seen_at, m.read_at, m.archived_at
    from ${dialect.pairs(pairs)}
    ${dialect.lookUp('marks', 'm', sql`m.log = ${log} and m.person = t.name and m.n = t.n`)}`.execute(db);
  const byPerson = Map.groupBy(rows, ({ person }) => person);
  return new Map([...byPerson].map(([person, theirs]) => [person, new Map(theirs.map((row) => [row.marked, row]))]));
}

const NO_ROW = { marked: null, seen_at: null, read_at: null, archived_at: null };

/** Null where what was looked at does not fill the page, and there may be more. */
function pageOf(
  { now }: ReadContext,
  { reader, marks }: InboxOf,
  looked: readonly Item[],
  rows: Marked | undefined,
  limit: number,
): SharedPage | null {
  const found: (Parsed & { marks: MarkTimes })[] = [];
  for (const item of looked) {
    if (item.expires_at !== null && item.expires_at <= now) continue;
    if (reader.types !== undefined && !matchesType(reader.types, item.type)) continue;
    const times = marksOf({ ...item, ...(rows?.get(item.n) ?? NO_ROW) }, marks);
    if (times.archived === null) found.push({ ...item.parsed, marks: times });
  }
  const isAll = looked.length <= limit;
  if (!isAll && found.length <= limit) return null;
  const page = found.slice(0, limit);
  return {
    items: page.map((item) => toNotification(item.content, channelFor(reader, item), item.marks)),
    counts: isAll ? countsOf(page.map((item) => item.marks)) : null,
    nextCursor: isAll ? null : (page.at(-1)?.content.cursor ?? null),
  };
}

/** None of them is archived. */
function countsOf(items: readonly MarkTimes[]): Counts {
  const count = (mark: 'read' | 'seen') => items.filter((times) => times[mark] === null).length;
  return { unread: count('read'), unseen: count('seen') };
}
