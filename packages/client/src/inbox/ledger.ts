import type { EventEnvelope, InboxPage, StateFrame } from '@belfry/protocol';
import { applyEvent } from './events.ts';
import { type Intent, Intents } from './intents.ts';
import { applyMarking, type Marking } from './marking.ts';
import { appendPage } from './pages.ts';
import { copyOf, emptyState, type InboxState, stateOf } from './state.ts';

/** What the log has confirmed, and the marks made here on top of it. No requests, no clock: only what follows. */
export class InboxLedger {
  #confirmed = emptyState();
  #intents = new Intents();
  /** Grows while a page is under way. */
  #since: EventEnvelope[] | null = null;
  /** False until the first `state`: what is not known yet can't be said to be marked already. */
  ready = false;

  /** What is to be shown. The answer is the caller's own. */
  view(): InboxState {
    const view = copyOf(this.#confirmed);
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
    // A page that was asked for before continues a list that is gone.
    this.#since = null;
    this.#intents.stateCame();
    this.#settle();
  }

  /** False: the event is none of the inbox's. */
  take(event: EventEnvelope): boolean {
    if (!applyEvent(this.#confirmed, event)) return false;
    this.#since?.push(event);
    this.#settle();
    return true;
  }

  checkpoint(): void {
    for (const marking of this.#intents.checkpoint()) applyMarking(this.#confirmed, marking);
  }

  /** Null: all of it is shown like that already, so there is nothing to ask for. */
  intend(marking: Marking): Intent | null {
    const view = this.view();
    const known = marking.upTo !== null || marking.ids.every((id) => view.items.has(id));
    if (this.ready && known && !applyMarking(view, marking)) return null;
    return this.#intents.add(marking);
  }

  sent(intent: Intent): void {
    intent.phase = 'sent';
    this.#settle();
  }

  accepted(intent: Intent): void {
    intent.phase = 'accepted';
    this.#settle();
  }

  /** False: the log has told of it all the same, so it stays. */
  takeBack(intent: Intent): boolean {
    return this.#intents.remove(intent);
  }

  pageAsked(): void {
    this.#since = [];
  }

  /** False: the list it continues has been replaced meanwhile. */
  pageCame(page: InboxPage): boolean {
    const since = this.#since;
    this.#since = null;
    if (since === null) return false;
    appendPage(this.#confirmed, page, since);
    return true;
  }

  #settle(): void {
    if (!this.#intents.empty) this.#intents.settle(copyOf(this.#confirmed));
  }
}
