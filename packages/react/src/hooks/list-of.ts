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

/** Whether lists of what is archived can be had. */
export function hasArchive(inbox: Inbox): boolean {
  return 'list' in inbox;
}

function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

function filtered(inbox: Inbox, { filter, types, severity, subject }: ListFilters): InboxList {
  const fits = (item: Notification): boolean =>
    (filter !== 'unread' || item.readAt === null) &&
    filter !== 'archived' &&
    (types === undefined || types.some((type) => matches(type, item.type))) &&
    (severity === undefined || [severity].flat().includes(item.severity)) &&
    (subject === undefined || (item.subject?.kind === subject.kind && item.subject.id === subject.id));
  let last: { of: unknown; snapshot: ListSnapshot } | undefined;
  return {
    subscribe: inbox.subscribe,
    getSnapshot: () => {
      const of = inbox.getSnapshot();
      if (last?.of === of) return last.snapshot;
      const items = of.items.filter(fits);
      const isAll = types === undefined && severity === undefined && subject === undefined;
      const unread = isAll ? of.unread : items.filter(({ readAt }) => readAt === null).length;
      last = { of, snapshot: { ...of, items, unread, hasMore: of.nextCursor !== null } };
      return last.snapshot;
    },
    loadMore: inbox.loadMore,
    refetch: () => Promise.resolve(true),
  };
}
