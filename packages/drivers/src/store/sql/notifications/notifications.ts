import { ALL_PARTS } from '@belfry/core';
import { EVERYTHING, type Grants, type Page, type ServiceNotification } from '@belfry/protocol';
import type { ReadContext, ReadOp } from '../context.ts';
import { serviceSource, WHOLE } from '../inbox/candidates.ts';
import { filtersSql, type ItemFilters } from '../inbox/item-filters.ts';
import { listItems, PAGE_LOOKS } from '../inbox/item-list.ts';
import { Watermarks } from '../inbox/watermarks.ts';
import { findLog, findLogAndHead } from '../log/position.ts';
import { NO_WORK, openWork } from '../state/open-work.ts';
import { toService } from './notification-row.ts';

export const notifications: ReadOp<'notifications'> = async (context, { tenant, query }) => {
  const log = await findLog(context, tenant);
  if (log === null) return EMPTY;
  const grants = query.to === undefined ? EVERYTHING : { everything: false, exact: [query.to], prefixes: [] };
  return servicePage(context, log, grants, query, query.before, query.limit);
};

export const serviceState: ReadOp<'serviceState'> = async (
  context,
  { tenant, grants, types, limit, parts = ALL_PARTS },
) => {
  const { log, head: at } = await findLogAndHead(context, tenant);
  if (log === null) return { at, notifications: EMPTY, ...NO_WORK };
  const filters = types === undefined ? {} : { types };
  const notifications = parts.notifications ? await servicePage(context, log, grants, filters, null, limit) : EMPTY;
  return { at, notifications, ...(await openWork(context, log, grants, null, parts)) };
};

/** Null also where it has expired. */
export const notification: ReadOp<'notification'> = async (context, { tenant, id }) => {
  const log = await findLog(context, tenant);
  const row = log === null ? undefined : await findLive(context, log, id);
  return row ? toService(JSON.parse(row.content), JSON.parse(row.recipients)) : null;
};

/** The notification of this id, unless it has expired and only waits to be swept. */
export function findLive(context: ReadContext, log: number, id: string) {
  return context.db
    .selectFrom('notifications')
    .selectAll()
    .where('log', '=', log)
    .where('id', '=', id)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', context.now)]))
    .executeTakeFirst();
}

/** Whether or not it waits to be swept. */
export function findByNumber({ db }: ReadContext, log: number, n: number) {
  return db.selectFrom('notifications').selectAll().where('log', '=', log).where('n', '=', n).executeTakeFirst();
}

const EMPTY = { items: [], nextCursor: null };
const NO_MARKS = new Watermarks([]);

async function servicePage(
  context: ReadContext,
  log: number,
  grants: Grants,
  filters: ItemFilters,
  before: number | null,
  limit: number,
): Promise<Page<ServiceNotification>> {
  const source = await serviceSource(context, log, grants);
  const condition = filtersSql(context, filters);
  const search = { most: PAGE_LOOKS, subject: filters.subject };
  const page = await listItems(context, source, { ...WHOLE, before }, condition, NO_MARKS, limit, search);
  return {
    items: page.items.map((item) => toService(JSON.parse(item.content), item.recipients)),
    nextCursor: page.nextCursor,
  };
}
