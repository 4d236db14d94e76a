import type { Counts, EventEnvelope, InboxPage, MarkChange } from '@belfry/protocol';
import { COUNT_CAP } from '@belfry/protocol';
import { createAlarm } from '../alarm.ts';
import type { Common } from '../deeds.ts';
import type { Host } from '../host.ts';
import { createStore } from '../store.ts';
import { whileUsed } from '../while-used.ts';
import { contentQuery, fitsContent, fitsMarks } from './filters.ts';
import type { InboxList, ListFilters, ListSnapshot } from './inbox.ts';
import type { InboxLedger, Journal } from './ledger.ts';
import { fromOf, type InboxState, isUnread, isUnseen, newestItems, numberOf } from './state.ts';

/** What changes for many at once is not asked for by all at once. */
const SPREAD_MS = 2_000;

/** What lists need of the inbox that they are a part of. */
export interface Whole {
  readonly ledger: InboxLedger;
  readonly host: Host;
  /** Items that were asked for come in: `add` puts them where every list finds them. */
  adding: (add: () => boolean) => boolean;
  shown: () => Common;
}

/**
 * A window on the items that the inbox holds: those that fit, down to where this list has asked for all of them. So marks
 * and events need nothing here; only what the inbox does not hold has to be asked for.
 */
export interface ListStore extends InboxList {
  touch: () => void;
  /** `before`: what was held until now. */
  stateCame(before: InboxState): void;
  /** After an event; `unknown`: it tells of items which are not here. */
  heard(event: EventEnvelope, unknown: boolean): void;
  hold(): void;
  /** What has come in was counted already. */
  keep(): void;
  reset(): void;
  stop(): void;
}

export function createList(
  { ledger, host, adding, shown }: Whole,
  filters: ListFilters,
  onUse: (used: boolean) => void,
): ListStore {
  const { only, requester, environment } = host;
  const { filter, types = only.types } = filters;
  const fits = fitsContent(filters);
  const alarm = createAlarm(environment);
  /** Null until the first page is here. */
  let window: { from: number; nextCursor: string | null } | null = null;
  /** The counts of what fits and is not here. */
  let beyond: Counts = { unread: 0, unseen: 0 };
  let held: Counts | null = null;
  /** A state has replaced what the window looked at: until its page is here, it looks at what was before. */
  let before: InboxState | null = null;
  let loading = false;
  let failure: ListSnapshot['error'] = null;
  let asking = 0;

  const local = (state: InboxState): Counts => {
    const fitting = [...state.items.values()].filter(fits);
    return { unread: fitting.filter(isUnread).length, unseen: fitting.filter(isUnseen).length };
  };

  const counts = (state: InboxState): Counts => {
    const { unread, unseen } = local(state);
    return { unread: Math.min(COUNT_CAP, unread + beyond.unread), unseen: Math.min(COUNT_CAP, unseen + beyond.unseen) };
  };

  const store = createStore<ListSnapshot>(() => {
    const view = ledger.view(before ?? undefined);
    const { from, nextCursor } = window ?? { from: Number.POSITIVE_INFINITY, nextCursor: null };
    const common = shown();
    return {
      items: newestItems(view, (item) => numberOf(item) >= from && fits(item) && fitsMarks(filter, item)),
      ...counts(view),
      nextCursor,
      hasMore: nextCursor !== null,
      ...common,
      loading: loading || window === null,
      error: failure ?? common.error,
    };
  }, environment.report);

  /** False: the list that the page belongs to has been replaced meanwhile. */
  const came = (page: InboxPage, counted: Counts | null, journal: Journal): boolean => {
    if (!ledger.itemsCame(journal, page.items)) return false;
    const from = fromOf(page);
    const last = counted === null ? window : null;
    window = { from: Math.min(from, last?.from ?? from), nextCursor: page.nextCursor };
    if (counted !== null) {
      before = null;
      held = counted;
    }
    return true;
  };

  const load = async (cursor?: string): Promise<boolean> => {
    asking += 1;
    const own = asking;
    loading = true;
    failure = null;
    store.touch();
    const journal = ledger.ask();
    try {
      const narrow = { ...contentQuery({ ...filters, types }), channels: only.channels?.join(',') };
      const counting = cursor === undefined ? requester.call('/v1/inbox/count', { query: narrow }) : null;
      const paging = requester.call('/v1/inbox', { query: { ...narrow, filter, cursor } });
      const [page, counted] = await Promise.all([paging, counting]);
      return own === asking && adding(() => came(page as InboxPage, counted as Counts | null, journal));
    } catch (error) {
      if (own === asking) failure = error as ListSnapshot['error'];
      return false;
    } finally {
      ledger.drop(journal);
      if (own === asking) loading = false;
      store.touch();
    }
  };

  const refetch = (): Promise<boolean> => load();

  const soon = (): void => {
    if (!alarm.isSet()) alarm.set(refetch, SPREAD_MS * environment.random());
  };

  /** All that is not here is older, so it is marked; unless only some types are. */
  const markedUpTo = (change: MarkChange): void => {
    if (change.types !== undefined || (filter === 'archived' && change.mark === 'archived')) soon();
    else beyond = { unread: change.mark === 'seen' ? beyond.unread : 0, unseen: 0 };
  };

  const stop = (): void => {
    asking += 1;
    loading = false;
    alarm.clear();
  };

  return {
    ...store,
    subscribe: whileUsed(store.subscribe, (used) => {
      onUse(used);
      if (!used) stop();
      else if (ledger.isReady()) void refetch();
    }),
    loadMore: async () => {
      const cursor = window?.nextCursor ?? null;
      return cursor !== null && !loading && load(cursor);
    },
    refetch,
    stateCame: (last) => {
      if (window !== null) before ??= last;
      void refetch();
    },
    heard: ({ type, data }, unknown) => {
      const change = data as unknown as MarkChange;
      if (type === 'notification.state' && change.upTo !== undefined) markedUpTo(change);
      else if (unknown) soon();
    },
    hold: () => {
      held = counts(ledger.view());
    },
    keep: () => {
      const { unread, unseen } = local(ledger.view());
      if (held === null) return;
      beyond = { unread: Math.max(0, held.unread - unread), unseen: Math.max(0, held.unseen - unseen) };
      held = null;
    },
    reset: () => {
      stop();
      window = null;
      before = null;
      beyond = { unread: 0, unseen: 0 };
      failure = null;
      store.touch();
    },
    stop,
  };
}
