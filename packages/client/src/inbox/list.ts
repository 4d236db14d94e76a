import type { Counts, EventEnvelope, InboxPage, MarkChange, Notification } from '@belfry/protocol';
import { COUNT_CAP } from '@belfry/protocol';
import type { Common } from '../deeds.ts';
import type { Host } from '../host.ts';
import { createStore, type Store } from '../store.ts';
import { whileUsed } from '../while-used.ts';
import { contentQuery, fitsContent, fitsMarks } from './filters.ts';
import type { InboxList, ListFilters, ListSnapshot } from './inbox.ts';
import type { InboxLedger } from './ledger.ts';
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
export class ListStore implements InboxList {
  declare readonly subscribe: Store<ListSnapshot>['subscribe'];
  declare readonly getSnapshot: Store<ListSnapshot>['getSnapshot'];
  declare readonly touch: () => void;
  readonly #whole: Whole;
  readonly #filters: ListFilters;
  readonly #fits: (item: Notification) => boolean;
  /** Null until the first page is here. */
  #window: { from: number; nextCursor: string | null } | null = null;
  /** The counts of what fits and is not here. */
  #beyond: Counts = { unread: 0, unseen: 0 };
  #held: Counts | null = null;
  /** A state has replaced what the window looked at: until its page is here, it looks at what was before. */
  #before: InboxState | null = null;
  #loading = false;
  #error: ListSnapshot['error'] = null;
  #asking = 0;
  #cancelTimer: (() => void) | null = null;

  constructor(whole: Whole, filters: ListFilters, onUse: (used: boolean) => void) {
    this.#whole = whole;
    this.#filters = filters;
    this.#fits = fitsContent(filters);
    const store = createStore(() => this.#derive(), whole.host.environment.report);
    this.subscribe = whileUsed(store.subscribe, (used) => {
      onUse(used);
      if (!used) this.stop();
      else if (whole.ledger.ready) void this.refetch();
    });
    this.getSnapshot = store.getSnapshot;
    this.touch = store.touch;
  }

  loadMore = async (): Promise<boolean> => {
    const cursor = this.#window?.nextCursor ?? null;
    return cursor === null || this.#loading ? false : this.#load(cursor);
  };

  refetch = (): Promise<boolean> => this.#load(undefined);

  /** `before`: what was held until now. */
  stateCame(before: InboxState): void {
    if (this.#window !== null) this.#before ??= before;
    void this.refetch();
  }

  /** After an event that tells of items which are not here. */
  heard({ type, data }: EventEnvelope, unknown: boolean): void {
    const change = data as unknown as MarkChange;
    if (type === 'notification.state' && change.upTo !== undefined) this.#markedUpTo(change);
    else if (unknown) this.#soon();
  }

  hold(): void {
    this.#held = this.#counts(this.#whole.ledger.view());
  }

  /** What has come in was counted already. */
  keep(): void {
    const { unread, unseen } = this.#local(this.#whole.ledger.view());
    if (this.#held === null) return;
    this.#beyond = { unread: Math.max(0, this.#held.unread - unread), unseen: Math.max(0, this.#held.unseen - unseen) };
    this.#held = null;
  }

  stop(): void {
    this.#asking += 1;
    this.#loading = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** All that is not here is older, so it is marked; unless only some types are. */
  #markedUpTo({ types, mark }: MarkChange): void {
    if (types !== undefined || (this.#filters.filter === 'archived' && mark === 'archived')) this.#soon();
    else this.#beyond = { unread: mark === 'seen' ? this.#beyond.unread : 0, unseen: 0 };
  }

  #soon(): void {
    const { environment } = this.#whole.host;
    this.#cancelTimer ??= environment.setTimer(() => {
      this.#cancelTimer = null;
      void this.refetch();
    }, SPREAD_MS * environment.random());
  }

  async #load(cursor: string | undefined): Promise<boolean> {
    const { ledger, host, adding } = this.#whole;
    this.#asking += 1;
    const asking = this.#asking;
    this.#set(true, null);
    const journal = ledger.ask();
    try {
      const { only } = host;
      const content = contentQuery({ ...this.#filters, types: this.#filters.types ?? only.types });
      const narrow = { ...content, channels: only.channels?.join(',') };
      const query = { ...narrow, filter: this.#filters.filter, cursor };
      const counted = cursor === undefined ? host.requester.call('/v1/inbox/count', { query: narrow }) : null;
      const [page, counts] = await Promise.all([host.requester.call('/v1/inbox', { query }), counted]);
      if (asking !== this.#asking) return false;
      return adding(() => this.#came(page as InboxPage, counts as Counts | null, journal));
    } catch (error) {
      if (asking === this.#asking) this.#error = error as ListSnapshot['error'];
      return false;
    } finally {
      ledger.drop(journal);
      if (asking === this.#asking) this.#set(false, this.#error);
    }
  }

  /** False: the list that the page belongs to has been replaced meanwhile. */
  #came(page: InboxPage, counts: Counts | null, journal: ReturnType<InboxLedger['ask']>): boolean {
    if (!this.#whole.ledger.itemsCame(journal, page.items)) return false;
    const from = fromOf(page);
    const last = counts === null ? this.#window : null;
    this.#window = { from: Math.min(from, last?.from ?? from), nextCursor: page.nextCursor };
    if (counts !== null) this.#before = null;
    if (counts !== null) this.#held = counts;
    return true;
  }

  #set(loading: boolean, error: ListSnapshot['error']): void {
    this.#loading = loading;
    this.#error = error;
    this.touch();
  }

  #local(state: InboxState): Counts {
    const fitting = [...state.items.values()].filter(this.#fits);
    return { unread: fitting.filter(isUnread).length, unseen: fitting.filter(isUnseen).length };
  }

  #counts(state: InboxState): Counts {
    const { unread, unseen } = this.#local(state);
    const capped = (count: number): number => Math.min(COUNT_CAP, count);
    return { unread: capped(unread + this.#beyond.unread), unseen: capped(unseen + this.#beyond.unseen) };
  }

  #derive(): ListSnapshot {
    const view = this.#whole.ledger.view(this.#before ?? undefined);
    const { from, nextCursor } = this.#window ?? { from: Number.POSITIVE_INFINITY, nextCursor: null };
    const shows = (item: Notification): boolean =>
      numberOf(item) >= from && this.#fits(item) && fitsMarks(this.#filters.filter, item);
    const { status, readOnly, error } = this.#whole.shown();
    return {
      items: newestItems(view, shows),
      ...this.#counts(view),
      nextCursor,
      hasMore: nextCursor !== null,
      status,
      readOnly,
      loading: this.#loading || this.#window === null,
      error: this.#error ?? error,
    };
  }
}
