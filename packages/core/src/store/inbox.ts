import type { Counts, InboxPage, Mark, Notification, Position, Severity, TypeFilter } from '@belfry/protocol';
import type { Reader } from '../principal.ts';

export interface InboxQuery {
  /** `all` and `unread` leave archived items out. */
  filter: 'all' | 'unread' | 'archived';
  types?: TypeFilter;
  severity?: Severity[];
  subject?: { kind: string; id: string };
  /** Only items before this number; null from the newest. */
  before: number | null;
  limit: number;
}

/** What counts are of, besides the reader's types. */
export type CountQuery = Pick<InboxQuery, 'types' | 'severity' | 'subject'>;

export interface InboxWrites {
  /**
   * Marks items by id and appends one `notification.state` to the person's own channel, if anything changed.
   * Ids that are not theirs are skipped; `not_found` where none is. `read` and `archived` imply seen.
   */
  mark: { in: { reader: Reader; ids: string[]; mark: Mark }; out: null };
  /**
   * Marks everything of theirs up to a number (null: the head at commit), of `types` if given, as a watermark.
   * Appends one `notification.state` with `upTo`.
   */
  markUpTo: {
    in: { reader: Reader; mark: 'seen' | 'read' | 'archived'; upTo: number | null; types: TypeFilter | null };
    out: null;
  };
}

export interface InboxReads {
  inbox: { in: { reader: Reader; query: InboxQuery }; out: InboxPage };
  /** The same as the JSON of it, which costs less to make and to hand on. */
  inboxJson: { in: { reader: Reader; query: InboxQuery }; out: string };
  inboxItem: { in: { reader: Reader; id: string }; out: Notification | null };
  /** The counts of what fits, and the position that they stand at. */
  counts: { in: { reader: Reader; narrow?: CountQuery }; out: Counts & { at: Position } };
}
