import { type Reader, scopeHash } from '@belfry/core';
import { BelfryError, type Mark, type MarkChange, userChannel } from '@belfry/protocol';
import { heldIn } from '../access/access-rows.ts';
import type { WriteContext, WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import type { MarkTimes } from '../notifications/notification-row.ts';
import type { MarkRow } from '../schema.ts';
import { personSource } from './candidates.ts';
import { countItems } from './counts.ts';
import { ownRows } from './inbox.ts';
import { marksOf } from './item-list.ts';
import { type Viewer, viewerOf } from './viewer.ts';
import { Watermarks } from './watermarks.ts';

export const mark: WriteOp<'mark'> = async (context, { reader: asked, ids, mark }) => {
  const log = await LogWriter.open(context, asked.tenant);
  const reader = await heldIn(context, log.log, asked);
  const rows = await ownRows(context, log.log, reader, [...new Set(ids)]);
  if (rows.length === 0) throw noneTheirs(ids.length);
  const viewer = await viewerOf(context, log.log, reader);
  const marks = await Watermarks.load(context, viewer);
  const changed: string[] = [];
  for (const row of rows) {
    const before = marksOf(row, marks);
    const after = CHANGES[mark](before, log.at);
    if (same(before, after)) continue;
    await keepRow(context, { log: log.log, person: reader.user, n: row.n, ...columns(after) });
    changed.push(JSON.parse(row.content).id);
  }
  if (changed.length > 0) await tellDevices(context, log, reader, viewer, { ids: changed, mark, at: log.time });
  return null;
};

/** What each mark makes of an item. Read and archived imply seen; what is so already keeps its time. */
const CHANGES: Record<Mark, (times: MarkTimes, at: number) => MarkTimes> = {
  seen: (times, at) => ({ ...times, seen: times.seen ?? at }),
  read: (times, at) => ({ ...times, seen: times.seen ?? at, read: times.read ?? at }),
  unread: (times) => ({ ...times, read: null }),
  archived: (times, at) => ({ ...times, seen: times.seen ?? at, archived: times.archived ?? at }),
  unarchived: (times) => ({ ...times, archived: null }),
};

function same(one: MarkTimes, other: MarkTimes): boolean {
  return one.seen === other.seen && one.read === other.read && one.archived === other.archived;
}

function columns({ seen, read, archived }: MarkTimes) {
  return { seen_at: seen, read_at: read, archived_at: archived };
}

async function keepRow(context: WriteContext, row: MarkRow): Promise<void> {
  const { seen_at, read_at, archived_at } = row;
  await context.db
    .insertInto('marks')
    .values(row)
    .onConflict((conflict) => conflict.columns(['log', 'person', 'n']).doUpdateSet({ seen_at, read_at, archived_at }))
    .execute();
}

function noneTheirs(asked: number): BelfryError {
  const what = asked === 1 ? 'There is no such item' : 'None of these items is';
  return new BelfryError('not_found', `${what} in this inbox. It may have been withdrawn or have expired.`);
}

/** Appends the event that all devices of this person follow, with the counts as they are now. */
export async function tellDevices(
  context: WriteContext,
  log: LogWriter,
  reader: Reader,
  viewer: Viewer,
  change: Omit<MarkChange, 'unread' | 'unseen'>,
): Promise<void> {
  const source = await personSource(context, viewer);
  const marks = await Watermarks.load(context, viewer);
  const counts = await countItems(context, source, marks, reader);
  const told: MarkChange = { ...change, ...counts, countedFor: scopeHash(reader) };
  log.append('notification.state', [userChannel(reader.user)], JSON.stringify(told));
  await log.flush();
}
