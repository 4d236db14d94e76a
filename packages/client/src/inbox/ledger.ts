import type { Counts, EventEnvelope, InboxPage, MarkChange, Notification, StateFrame } from '@belfry/protocol';
import { applyEvent } from './events.ts';
import { type Intent, Intents } from './intents.ts';
import { applyMarking, type Marking } from './marking.ts';
import { addItems } from './pages.ts';
import { copyOf, emptyState, fromOf, type InboxState, isUnread, isUnseen, stateOf } from './state.ts';

/** The inbox's events since a question was asked, for its answer. */
export type Journal = EventEnvelope[];

/** What the log has confirmed, and the marks made here on top of it. No requests, no clock: only what follows. */
export class InboxLedger {
  #confirmed = emptyState();
  readonly #intents = new Intents();
  readonly #journals = new Set<Journal>();
  #missing = new Set<string>();
  /** The counts may be off by what was withdrawn without ever having been here. */
  countsDoubtful = false;
  /** False until the first `state`: what is not known yet can't be said to be marked already. */
  ready = false;

  get confirmed(): InboxState {
    return this.#confirmed;
  }

  /** What is to be shown, of what is confirmed or was before a state. It is to be looked at and not to be changed. */
  view(confirmed = this.#confirmed): InboxState {
    // Thousands of items are not copied for each that comes.
    if (this.#intents.empty) return confirmed;
    const view = copyOf(confirmed);
    this.#intents.applyTo(view);
    return view;
  }

  get nextCursor(): string | null {
    return this.#confirmed.nextCursor;
  }

  connected(): void {
    this.#intents.connected();
  }

  stateCame({ notifications }: StateFrame): void {
    this.#confirmed = stateOf(notifications);
    this.ready = true;
    // What was asked for before belongs to a list that is gone.
    this.#journals.clear();
    this.#missing.clear();
    this.countsDoubtful = false;
    this.#intents.stateCame();
    this.#settle();
  }

  /** `n`: its number in the log. False: the event is none of the inbox's. */
  take(event: EventEnvelope, n: number): boolean {
    this.#notice(event, n);
    if (!applyEvent(this.#confirmed, event, n)) return false;
    for (const journal of this.#journals) journal.push(event);
    this.#settle();
    return true;
  }

  checkpoint(): void {
    this.#intents.checkpoint();
  }

  /** Null: all of it is shown like that already, so there is nothing to ask for. */
  intend(marking: Marking): Intent | null {
    const view = copyOf(this.view());
    const known = marking.upTo !== null || marking.ids.every((id) => view.items.has(id));
    if (this.ready && known && !applyMarking(view, marking)) return null;
    return this.#intents.add(marking);
  }

  accepted(intent: Intent): void {
    intent.accepted = true;
    this.#settle();
  }

  /** False: the log has told of it all the same, so it stays. */
  takeBack(intent: Intent): boolean {
    return this.#intents.remove(intent);
  }

  /** Items that came back and were never here; each is told once. */
  takeMissing(): string[] {
    const missing = [...this.#missing];
    this.#missing.clear();
    return missing;
  }

  /** Before a question goes out. What comes with its answer must come with this journal. */
  ask(): Journal {
    const journal: Journal = [];
    this.#journals.add(journal);
    return journal;
  }

  /** False: the list that the page continues has been replaced meanwhile. */
  pageCame(journal: Journal, page: InboxPage): boolean {
    if (!this.#journals.delete(journal)) return false;
    addItems(this.#confirmed, page.items, journal);
    this.#confirmed.nextCursor = page.nextCursor;
    this.#confirmed.from = Math.min(this.#confirmed.from, fromOf(page));
    return true;
  }

  /** Items that a list asked for. False: a state has come since. */
  itemsCame(journal: Journal, items: readonly Notification[]): boolean {
    if (!this.#journals.delete(journal)) return false;
    addItems(this.#confirmed, items, journal);
    this.#settle();
    return true;
  }

  /** Whether an event is about items that are not here. */
  isUnknown({ type, data }: EventEnvelope): boolean {
    const { ids, id } = data as unknown as { ids?: string[]; id?: string };
    if (type === 'notification.withdrawn') return !this.#confirmed.items.has(id as string);
    return type === 'notification.state' && (ids ?? []).some((one) => !this.#confirmed.items.has(one));
  }

  /** One item. Where it is older than what is loaded, it shows with its page. */
  itemCame(journal: Journal, item: Notification): void {
    this.itemsCame(journal, [item]);
  }

  /** False: something happened meanwhile, so nobody can say what these counts hold. */
  countsCame(journal: Journal, { unread, unseen }: Counts): boolean {
    if (!this.#journals.delete(journal) || journal.length > 0) return false;
    Object.assign(this.#confirmed, { unread, unseen });
    this.countsDoubtful = false;
    return true;
  }

  drop(journal: Journal): void {
    this.#journals.delete(journal);
  }

  /** What an event says about items that are not here. */
  #notice({ type, data }: EventEnvelope, n: number): void {
    const { items, countedTo } = this.#confirmed;
    if (type === 'notification.withdrawn' && n > countedTo && !items.has((data as unknown as { id: string }).id)) {
      this.countsDoubtful ||= this.#hasUnloaded();
    }
    if (type !== 'notification.state') return;
    this.countsDoubtful = false;
    const { mark, ids } = data as unknown as MarkChange;
    if (mark === 'unarchived') for (const id of ids) if (!items.has(id)) this.#missing.add(id);
  }

  #hasUnloaded(): boolean {
    const { items, unread, unseen } = this.#confirmed;
    const loaded = [...items.values()];
    return loaded.filter(isUnread).length < unread || loaded.filter(isUnseen).length < unseen;
  }

  #settle(): void {
    if (!this.#intents.empty) this.#intents.settle(copyOf(this.#confirmed));
  }
}
