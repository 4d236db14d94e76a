import type { Counts, EventEnvelope, InboxPage, MarkChange, Notification, StateFrame } from '@belfry/protocol';
import { applyEvent } from './events.ts';
import { createIntents, type Intent } from './intents.ts';
import { applyMarking, type Marking } from './marking.ts';
import { addItems } from './pages.ts';
import { copyOf, emptyState, fromOf, type InboxState, isUnread, isUnseen, stateOf } from './state.ts';

/** The inbox's events since a question was asked, for its answer. */
export type Journal = EventEnvelope[];

/** What the log has confirmed, and the marks made here on top of it. No requests, no clock: only what follows. */
export interface InboxLedger {
  confirmed(): InboxState;
  /** What is to be shown, of what is confirmed or was before a state. It is to be looked at and not to be changed. */
  view(of?: InboxState): InboxState;
  /** False until the first `state`: what is not known yet can't be said to be marked already. */
  isReady(): boolean;
  /** The counts may be off by what was withdrawn without ever having been here. */
  areCountsDoubtful(): boolean;
  connected(): void;
  stateCame(state: StateFrame): void;
  /** All that is here was somebody else's. */
  reset(): void;
  /** `n`: its number in the log. False: the event is none of the inbox's. */
  take(event: EventEnvelope, n: number): boolean;
  checkpoint(): void;
  /** Null: all of it is shown like that already, so there is nothing to ask for. */
  intend(marking: Marking): Intent | null;
  accepted(intent: Intent): void;
  /** False: the log has told of it all the same, so it stays. */
  takeBack(intent: Intent): boolean;
  /** Items that came back and were never here; each is told once. */
  takeMissing(): string[];
  /** Before a question goes out. What comes with its answer must come with this journal. */
  ask(): Journal;
  /** False: the list that the page continues has been replaced meanwhile. */
  pageCame(journal: Journal, page: InboxPage): boolean;
  /** Items that were asked for; those older than what is loaded show with their page. False: a state has come since. */
  itemsCame(journal: Journal, items: readonly Notification[]): boolean;
  /** Whether an event is about items that are not here. */
  isUnknown(event: EventEnvelope): boolean;
  /** False: something happened meanwhile, so nobody can say what these counts hold. */
  countsCame(journal: Journal, counts: Counts): boolean;
  drop(journal: Journal): void;
}

export function createInboxLedger(): InboxLedger {
  let confirmed = emptyState();
  let ready = false;
  let countsDoubtful = false;
  const intents = createIntents();
  const journals = new Set<Journal>();
  const missing = new Set<string>();

  const view = (of = confirmed): InboxState => {
    // Thousands of items are not copied for each that comes.
    if (intents.isEmpty()) return of;
    const shown = copyOf(of);
    intents.applyTo(shown);
    return shown;
  };

  const settle = (): void => {
    if (!intents.isEmpty()) intents.settle(copyOf(confirmed));
  };

  const hasUnloaded = (): boolean => {
    const loaded = [...confirmed.items.values()];
    return loaded.filter(isUnread).length < confirmed.unread || loaded.filter(isUnseen).length < confirmed.unseen;
  };

  /** What an event says about items that are not here. */
  const notice = ({ type, data }: EventEnvelope, n: number): void => {
    const { items, countedTo } = confirmed;
    const { mark, ids, id } = data as unknown as MarkChange & { id: string };
    if (type === 'notification.withdrawn' && n > countedTo && !items.has(id)) countsDoubtful ||= hasUnloaded();
    if (type !== 'notification.state') return;
    countsDoubtful = false;
    if (mark === 'unarchived') for (const one of ids) if (!items.has(one)) missing.add(one);
  };

  const itemsCame = (journal: Journal, items: readonly Notification[]): boolean => {
    if (!journals.delete(journal)) return false;
    addItems(confirmed, items, journal);
    settle();
    return true;
  };

  return {
    confirmed: () => confirmed,
    view,
    isReady: () => ready,
    areCountsDoubtful: () => countsDoubtful,
    connected: intents.connected,
    stateCame: ({ notifications }) => {
      confirmed = stateOf(notifications);
      ready = true;
      // What was asked for before belongs to a list that is gone.
      journals.clear();
      missing.clear();
      countsDoubtful = false;
      intents.stateCame();
      settle();
    },
    reset: () => {
      confirmed = emptyState();
      ready = false;
      journals.clear();
      missing.clear();
      countsDoubtful = false;
      intents.clear();
    },
    take: (event, n) => {
      notice(event, n);
      if (!applyEvent(confirmed, event, n)) return false;
      for (const journal of journals) journal.push(event);
      settle();
      return true;
    },
    checkpoint: intents.checkpoint,
    intend: (marking) => {
      const shown = copyOf(view());
      const known = marking.upTo !== null || marking.ids.every((id) => shown.items.has(id));
      return ready && known && !applyMarking(shown, marking) ? null : intents.add(marking);
    },
    accepted: (intent) => {
      intent.accepted = true;
      settle();
    },
    takeBack: intents.remove,
    takeMissing: () => {
      const taken = [...missing];
      missing.clear();
      return taken;
    },
    ask: () => {
      const journal: Journal = [];
      journals.add(journal);
      return journal;
    },
    pageCame: (journal, page) => {
      if (!itemsCame(journal, page.items)) return false;
      confirmed.nextCursor = page.nextCursor;
      confirmed.from = Math.min(confirmed.from, fromOf(page));
      return true;
    },
    itemsCame,
    isUnknown: ({ type, data }) => {
      const { ids, id } = data as unknown as { ids?: string[]; id?: string };
      if (type === 'notification.withdrawn') return !confirmed.items.has(id as string);
      return type === 'notification.state' && (ids ?? []).some((one) => !confirmed.items.has(one));
    },
    countsCame: (journal, { unread, unseen }) => {
      if (!journals.delete(journal) || journal.length > 0) return false;
      Object.assign(confirmed, { unread, unseen });
      countsDoubtful = false;
      return true;
    },
    drop: (journal) => {
      journals.delete(journal);
    },
  };
}
