import type { Inbox, InboxList, ListFilters, ListSnapshot, Notification } from '@belfry/client';

const made = new WeakMap<Inbox, Map<string, InboxList>>();

/** Stands in for `inbox.list` until the client has it: what the inbox has loaded, filtered. */
export function listOf(inbox: Inbox, written: string): InboxList {
  if ('list' in inbox) return (inbox.list as (filters: ListFilters) => InboxList)(JSON.parse(written) as ListFilters);
  const lists = made.get(inbox) ?? new Map<string, InboxList>();
  made.set(inbox, lists);
  const list = lists.get(written) ?? filtered(inbox, JSON.parse(written) as ListFilters);
  lists.set(written, list);
  return list;
}

function filtered(inbox: Inbox, { filter, types, severity }: ListFilters): InboxList {
  const fits = (item: Notification): boolean =>
    (filter !== 'unread' || item.readAt === null) &&
    filter !== 'archived' &&
    (types === undefined || types.some((type) => item.type.startsWith(type.replace('*', '')))) &&
    (severity === undefined || [severity].flat().includes(item.severity));
  let last: { of: unknown; snapshot: ListSnapshot } | undefined;
  return {
    subscribe: inbox.subscribe,
    getSnapshot: () => {
      const of = inbox.getSnapshot();
      if (last?.of === of) return last.snapshot;
      const items = of.items.filter(fits);
      const isAll = types === undefined && severity === undefined;
      const unread = isAll ? of.unread : items.filter(({ readAt }) => readAt === null).length;
      last = { of, snapshot: { ...of, items, unread, hasMore: of.nextCursor !== null } };
      return last.snapshot;
    },
    loadMore: inbox.loadMore,
    refetch: () => Promise.resolve(true),
  };
}
