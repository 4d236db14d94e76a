'use client';
import type { BelfryError, Inbox, ListFilters, ListSnapshot, Notification } from '@belfry/client';
import { useMemo } from 'react';
import { useInboxClient } from '../provider/use-inbox-client.ts';
import { itemsOf, type NotificationItem } from './notification-item.ts';
import { steady } from './steady.ts';
import { useReadable } from './use-readable.ts';

export interface UseNotifications {
  /** The newest first. An item that did not change is the same object as before. */
  notifications: readonly NotificationItem[];
  /** Of what the filters let through. 1,000 means "or more". */
  unread: number;
  unseen: number;
  /** Nothing has come yet. */
  isLoading: boolean;
  /** A page is under way. */
  isFetching: boolean;
  hasMore: boolean;
  /** This person may look, but not touch. */
  readOnly: boolean;
  /** Why the last mark was taken back, a page did not come, or the stream does not start. */
  error: BelfryError | null;
  /** Adds the next older page. */
  fetchMore: () => Promise<boolean>;
  /** Asks for the newest page again. Not needed for what is new: that comes by itself. */
  refetch: () => Promise<boolean>;
  /**
   * Everything that the filters let through, loaded or not; with a filter of severity or subject, which the server can't
   * mark by, what is loaded.
   */
  readAll: () => Promise<boolean>;
  seenAll: () => Promise<boolean>;
  archiveAll: () => Promise<boolean>;
}

/** The inbox, or the part of it that the filters let through, as it changes. */
export function useNotifications(filters: ListFilters = {}): UseNotifications {
  const { inbox } = useInboxClient();
  const written = JSON.stringify(filters);
  const list = useMemo(() => inbox.list(JSON.parse(written) as ListFilters), [inbox, written]);
  const snapshot = useReadable(
    useMemo(() => steady(list), [list]),
    NOTHING_YET,
  );

  return useMemo(() => {
    const { items, loading, unread, unseen, hasMore, readOnly, error } = snapshot;
    return {
      notifications: itemsOf(inbox, items),
      unread,
      unseen,
      isLoading: loading && items.length === 0,
      isFetching: loading,
      hasMore,
      readOnly,
      error,
      fetchMore: list.loadMore,
      refetch: list.refetch,
      ...marksOfAll(inbox, JSON.parse(written) as ListFilters, items),
    };
  }, [inbox, list, snapshot, written]);
}

function marksOfAll(inbox: Inbox, { types, severity, subject }: ListFilters, items: readonly Notification[]) {
  const options = types === undefined ? {} : { types };
  if (severity === undefined && subject === undefined) {
    return {
      readAll: () => inbox.readAll(options),
      seenAll: () => inbox.seenAll(options),
      archiveAll: () => inbox.archiveAll(options),
    };
  }
  const ids = items.map(({ id }) => id);
  return { readAll: () => inbox.read(ids), seenAll: () => inbox.seen(ids), archiveAll: () => inbox.archive(ids) };
}

const NOTHING_YET: ListSnapshot = {
  items: [],
  unread: 0,
  unseen: 0,
  nextCursor: null,
  hasMore: false,
  status: 'idle',
  readOnly: false,
  loading: true,
  error: null,
};
