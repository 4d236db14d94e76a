import {
  type BelfryError,
  type InboxPage,
  MARKS_PER_CALL,
  type Mark,
  parseCursor,
  type TypeFilter,
} from '@belfry/protocol';
import { createDeeds } from '../deeds.ts';
import { type Host, onlyQuery } from '../host.ts';
import { selectFrom } from '../select.ts';
import { createShared } from '../shared.ts';
import { createStore } from '../store.ts';
import { keyOf } from './filters.ts';
import type { Ids, Inbox, InboxList, InboxSnapshot } from './inbox.ts';
import { createInboxLedger } from './ledger.ts';
import { createList, type ListStore } from './list.ts';
import type { Marking } from './marking.ts';
import { createRefresher } from './refresher.ts';
import { numberIn, shownItems } from './state.ts';

type AllOptions = { types?: TypeFilter };

/** The inbox of a client. It is to be made before the client starts. */
export function inboxOf({ host }: { host: Host }): Inbox {
  const { requester, environment, only } = host;
  const ledger = createInboxLedger();
  const lists = createShared<ListStore>();
  let loadingMore = false;
  /** Marks go out one after the other: two of the same item that overtook each other would end the wrong way round. */
  let lastTurn: Promise<unknown> = Promise.resolve();

  const store = createStore<InboxSnapshot>(() => {
    const view = ledger.view();
    const { unread, unseen, nextCursor } = view;
    const loading = loadingMore || !ledger.isReady();
    return { items: shownItems(view), unread, unseen, nextCursor, ...deeds.shown(), loading };
  }, environment.report);
  const touch = (): void => {
    store.touch();
    for (const list of lists.used()) list.touch();
  };
  const deeds = createDeeds(host, touch);
  const refresher = createRefresher(ledger, host, touch);

  const adding = (add: () => boolean): boolean => {
    const used = lists.used();
    for (const list of used) list.hold();
    const added = add();
    for (const list of used) list.keep();
    touch();
    return added;
  };

  const loadMore = async (): Promise<boolean> => {
    const cursor = ledger.confirmed().nextCursor;
    if (cursor === null || loadingMore) return false;
    loadingMore = true;
    const journal = ledger.ask();
    touch();
    return deeds.tried(async () => {
      try {
        const page = (await requester.call('/v1/inbox', { query: { ...onlyQuery(only), cursor } })) as InboxPage;
        return adding(() => ledger.pageCame(journal, page));
      } finally {
        ledger.drop(journal);
        loadingMore = false;
      }
    }, false);
  };

  const mark = async (marking: Marking, path: string, body: unknown): Promise<boolean> => {
    if (!deeds.allowed()) return false;
    const intent = ledger.intend(marking);
    if (intent === null) return true;
    touch();
    const send = async (): Promise<boolean> => {
      await deeds.post(path, body).catch((error) => {
        // Where somebody else is signed in, there is nothing left to take back.
        if (ledger.takeBack(intent) || (error as BelfryError).code === 'unauthenticated') throw error;
      });
      ledger.accepted(intent);
      return true;
    };
    const turn = lastTurn.then(() => deeds.tried(send, false));
    lastTurn = turn;
    return turn;
  };

  const items =
    (kind: Mark) =>
    async (ids: Ids): Promise<boolean> => {
      const all = [...new Set([ids].flat() as string[])];
      const sent: Promise<boolean>[] = [];
      for (let from = 0; from < all.length; from += MARKS_PER_CALL) {
        const part = all.slice(from, from + MARKS_PER_CALL);
        const marking = { ids: part, upTo: null, mark: kind, at: now() };
        sent.push(mark(marking, '/v1/inbox/marks', { ids: part, mark: kind }));
      }
      return (await Promise.all(sent)).every((taken) => taken);
    };

  /** Up to where this client has come: what it has not shown yet must not be marked unseen. */
  const all =
    (call: string, kind: Mark) =>
    ({ types }: AllOptions = {}): Promise<boolean> => {
      const cursor = host.cursor() ?? undefined;
      const upTo = cursor === undefined ? Number.MAX_SAFE_INTEGER : numberIn(cursor);
      // Of a narrowed stream all is less than all there is.
      const body = { upTo: cursor, types: types ?? only.types, channels: only.channels };
      return mark({ ids: [], upTo, mark: kind, at: now(), types }, `/v1/inbox/${call}`, body);
    };

  const whole: InboxList = {
    ...selectFrom([store], (inbox) => ({ ...inbox, hasMore: inbox.nextCursor !== null })),
    loadMore,
    // It never needs to: the stream keeps it right.
    refetch: async () => true,
  };

  host.add({
    family: 'notification.*',
    connected: ({ transport, relayed }) => {
      // Only what a stream of our own brings is known to be younger than its beginning.
      if (transport === undefined && relayed === undefined) ledger.connected();
    },
    stateCame: (state) => {
      const before = ledger.confirmed();
      ledger.stateCame(state);
      for (const list of lists.used()) list.stateCame(before);
      touch();
    },
    take: (event, cursor) => {
      const n = cursor === null ? undefined : parseCursor(cursor)?.n;
      const unknown = ledger.isUnknown(event);
      if (!ledger.take(event, n ?? Number.POSITIVE_INFINITY)) return;
      for (const list of lists.used()) list.heard(event, unknown);
      refresher.look();
      touch();
    },
    checkpoint: () => {
      ledger.checkpoint();
      touch();
    },
    touch,
    reset: () => {
      refresher.stop();
      ledger.reset();
      deeds.forgive();
      for (const list of lists.alive()) list.reset();
      touch();
    },
    stop: () => {
      refresher.stop();
      for (const list of lists.used()) list.stop();
    },
  });

  return {
    subscribe: store.subscribe,
    getSnapshot: store.getSnapshot,
    read: items('read'),
    unread: items('unread'),
    seen: items('seen'),
    archive: items('archived'),
    unarchive: items('unarchived'),
    readAll: all('read-all', 'read'),
    seenAll: all('seen-all', 'seen'),
    archiveAll: all('archive-all', 'archived'),
    loadMore,
    list: (filters = {}) => {
      const key = keyOf(filters);
      if (key === keyOf({})) return whole;
      return lists.get(key, (onUse) => createList({ ledger, host, adding, shown: deeds.shown }, filters, onUse));
    },
  };
}

function now(): string {
  return new Date().toISOString();
}
