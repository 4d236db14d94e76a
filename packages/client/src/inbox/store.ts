import {
  type EventEnvelope,
  type InboxPage,
  MARKS_PER_CALL,
  type Mark,
  parseCursor,
  type StateFrame,
  type TypeFilter,
} from '@belfry/protocol';
import { type Common, Deeds } from '../deeds.ts';
import { type Host, onlyQuery, type Part } from '../host.ts';
import { selectFrom } from '../select.ts';
import { Shared } from '../shared.ts';
import { createStore, type Store } from '../store.ts';
import type { Connected } from '../ways.ts';
import { contentQuery, isWhole } from './filters.ts';
import type { Ids, Inbox, InboxList, InboxSnapshot, ListFilters } from './inbox.ts';
import { InboxLedger } from './ledger.ts';
import { ListStore, type Whole } from './list.ts';
import type { Marking } from './marking.ts';
import { Refresher } from './refresher.ts';
import { shownItems } from './state.ts';

type AllOptions = { types?: TypeFilter };

/** The inbox of a client. It is to be made before the client starts. */
export function inboxOf({ host }: { host: Host }): Inbox {
  const store = new InboxStore(host);
  host.add(store);
  return store;
}

class InboxStore implements Inbox, Part, Whole {
  readonly family = 'notification.*';
  declare readonly subscribe: Store<InboxSnapshot>['subscribe'];
  declare readonly getSnapshot: Store<InboxSnapshot>['getSnapshot'];
  declare readonly touch: () => void;
  declare readonly host: Host;
  readonly ledger = new InboxLedger();
  readonly #lists = new Shared<ListStore>();
  readonly #refresher: Refresher;
  #loadingMore = false;
  readonly #deeds: Deeds;
  /** Marks go out one after the other: two of the same item that overtook each other would end the wrong way round. */
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(host: Host) {
    this.host = host;
    const store = createStore(() => this.#derive(), host.environment.report);
    this.subscribe = store.subscribe;
    this.getSnapshot = store.getSnapshot;
    this.touch = () => {
      store.touch();
      for (const list of this.#lists.used) list.touch();
    };
    this.#deeds = new Deeds(host, this.touch);
    this.#refresher = new Refresher(this.ledger, host, this.touch);
  }

  read = (ids: Ids): Promise<boolean> => this.#markItems(ids, 'read');
  unread = (ids: Ids): Promise<boolean> => this.#markItems(ids, 'unread');
  seen = (ids: Ids): Promise<boolean> => this.#markItems(ids, 'seen');
  archive = (ids: Ids): Promise<boolean> => this.#markItems(ids, 'archived');
  unarchive = (ids: Ids): Promise<boolean> => this.#markItems(ids, 'unarchived');
  readAll = (options?: AllOptions): Promise<boolean> => this.#markAll('read-all', 'read', options);
  seenAll = (options?: AllOptions): Promise<boolean> => this.#markAll('seen-all', 'seen', options);
  archiveAll = (options?: AllOptions): Promise<boolean> => this.#markAll('archive-all', 'archived', options);

  readonly #whole: InboxList = {
    ...selectFrom([this as Inbox], (inbox) => ({ ...inbox, hasMore: inbox.nextCursor !== null })),
    loadMore: () => this.loadMore(),
    // It never needs to: the stream keeps it right.
    refetch: async () => true,
  };

  list = (filters: ListFilters = {}): InboxList => {
    if (isWhole(filters)) return this.#whole;
    const key = JSON.stringify({ ...contentQuery(filters), filter: filters.filter ?? 'all' });
    return this.#lists.get(key, (onUse) => new ListStore(this, filters, onUse));
  };

  adding = (add: () => boolean): boolean => {
    const lists = this.#lists.used;
    for (const list of lists) list.hold();
    const added = add();
    for (const list of lists) list.keep();
    this.touch();
    return added;
  };

  shown = (): Common => this.#deeds.shown();

  loadMore = async (): Promise<boolean> => {
    const cursor = this.ledger.nextCursor;
    if (cursor === null || this.#loadingMore) return false;
    this.#loadingMore = true;
    const journal = this.ledger.ask();
    this.touch();
    try {
      const query = { ...onlyQuery(this.host.only), cursor };
      const page = (await this.host.requester.call('/v1/inbox', { query })) as InboxPage;
      return this.adding(() => this.ledger.pageCame(journal, page));
    } catch (error) {
      this.ledger.drop(journal);
      this.#deeds.fail(error);
      return false;
    } finally {
      this.#loadingMore = false;
      this.touch();
    }
  };

  connected({ transport, relayed }: Connected): void {
    // Only what a stream of our own brings is known to be younger than its beginning.
    if (transport === undefined && relayed === undefined) this.ledger.connected();
  }

  stateCame(state: StateFrame): void {
    const before = this.ledger.confirmed;
    this.ledger.stateCame(state);
    for (const list of this.#lists.used) list.stateCame(before);
    this.touch();
  }

  /** `cursor`: where the event stands. */
  take(event: EventEnvelope, cursor: string | null): void {
    const n = cursor === null ? undefined : parseCursor(cursor)?.n;
    const unknown = this.ledger.isUnknown(event);
    if (!this.ledger.take(event, n ?? Number.POSITIVE_INFINITY)) return;
    for (const list of this.#lists.used) list.heard(event, unknown);
    this.#refresher.look();
    this.touch();
  }

  stop(): void {
    this.#refresher.stop();
    for (const list of this.#lists.used) list.stop();
  }

  checkpoint(): void {
    this.ledger.checkpoint();
    this.touch();
  }

  #derive(): InboxSnapshot {
    const view = this.ledger.view();
    return {
      items: shownItems(view),
      unread: view.unread,
      unseen: view.unseen,
      nextCursor: view.nextCursor,
      ...this.shown(),
      loading: this.#loadingMore || !this.ledger.ready,
    };
  }

  async #markItems(ids: Ids, mark: Mark): Promise<boolean> {
    const all = typeof ids === 'string' ? [ids] : [...new Set(ids)];
    const parts: string[][] = [];
    for (let from = 0; from < all.length; from += MARKS_PER_CALL) parts.push(all.slice(from, from + MARKS_PER_CALL));
    const sent = parts.map((part) =>
      this.#mark({ ids: part, upTo: null, mark, at: now() }, '/v1/inbox/marks', { ids: part, mark }),
    );
    return (await Promise.all(sent)).every((taken) => taken);
  }

  /** Up to where this client has come: what it has not shown yet must not be marked unseen. */
  #markAll(call: string, mark: Mark, { types }: AllOptions = {}): Promise<boolean> {
    const cursor = this.host.cursor() ?? undefined;
    const upTo = cursor === undefined ? Number.MAX_SAFE_INTEGER : (parseCursor(cursor)?.n ?? 0);
    const marking = { ids: [], upTo, mark, at: now(), ...(types === undefined ? {} : { types }) };
    // Of a narrowed stream all is less than all there is.
    const { only } = this.host;
    const body = { upTo: cursor, types: types ?? only.types, channels: only.channels };
    return this.#mark(marking, `/v1/inbox/${call}`, body);
  }

  #mark(marking: Marking, path: string, body: unknown): Promise<boolean> {
    if (!this.#deeds.allowed()) return Promise.resolve(false);
    const intent = this.ledger.intend(marking);
    if (intent === null) return Promise.resolve(true);
    this.touch();
    const turn = this.#lastTurn.then(async () => {
      try {
        await this.#deeds.post(path, body);
        this.ledger.accepted(intent);
        return true;
      } catch (error) {
        if (!this.ledger.takeBack(intent)) return true;
        this.#deeds.fail(error);
        return false;
      } finally {
        this.touch();
      }
    });
    this.#lastTurn = turn;
    return turn;
  }
}

function now(): string {
  return new Date().toISOString();
}
