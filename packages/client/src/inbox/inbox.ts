import type { BelfryError, Notification, Severity, TypeFilter } from '@belfry/protocol';
import type { StatusValue } from '../status.ts';
import type { Readable } from '../store.ts';
import type { SubjectRef } from '../subject.ts';

export interface InboxSnapshot {
  /** The newest first, archived ones left out. An item that did not change is the same object as before. */
  items: readonly Notification[];
  /** Over the whole inbox, not only the items above. 1,000 means "or more". */
  unread: number;
  unseen: number;
  /** Null: `items` holds all there is. */
  nextCursor: string | null;
  status: StatusValue;
  /** The principal may look but not touch: marks are refused here already. */
  readOnly: boolean;
  /** Nothing has come yet, or `loadMore` is under way. */
  loading: boolean;
  /** Why the last mark was taken back, the last page did not come, or the stream does not start. */
  error: BelfryError | null;
}

/** Some ids, or one. */
export type Ids = string | readonly string[];

/** An inbox that stays right. Marks show at once; what the server refuses is taken back and `error` says why. */
export interface Inbox extends Readable<InboxSnapshot> {
  /**
   * This and the others answer whether the server took it; they never reject. False: `error` of the snapshot says why.
   * Ids that are not of this inbox are passed over; where none is left, it is false with `not_found`.
   */
  read: (ids: Ids) => Promise<boolean>;
  unread: (ids: Ids) => Promise<boolean>;
  seen: (ids: Ids) => Promise<boolean>;
  archive: (ids: Ids) => Promise<boolean>;
  unarchive: (ids: Ids) => Promise<boolean>;
  /** Everything that has come here, loaded or not; what comes later stays as it is. */
  readAll: (options?: { types?: TypeFilter }) => Promise<boolean>;
  seenAll: (options?: { types?: TypeFilter }) => Promise<boolean>;
  archiveAll: (options?: { types?: TypeFilter }) => Promise<boolean>;
  /** Adds the next older page to `items`. */
  loadMore: () => Promise<boolean>;
  /** A part of it. Equal filters give the same list, while somebody uses it. */
  list: (filters?: ListFilters) => InboxList;
}

/** What a list shows of the inbox. Left out: everything but what is archived. */
export interface ListFilters {
  filter?: 'all' | 'unread' | 'archived';
  types?: TypeFilter;
  severity?: Severity | readonly Severity[];
  subject?: SubjectRef;
}

export interface ListSnapshot extends InboxSnapshot {
  hasMore: boolean;
}

/** A part of the inbox, live: a mark moves an item in or out at once. It loads while somebody subscribes. */
export interface InboxList extends Readable<ListSnapshot> {
  /** Adds the next older page to `items`. */
  loadMore: () => Promise<boolean>;
  /** Asks for the newest page and the counts again. */
  refetch: () => Promise<boolean>;
}
