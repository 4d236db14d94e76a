import { applyMarking, type Marking } from './marking.ts';
import type { InboxState } from './state.ts';

/** A mark that was made here and that the log has not told of yet. */
export interface Intent {
  readonly marking: Marking;
  /** The server said yes; its event is still to come. */
  accepted: boolean;
  /** Checkpoints of the stream since it was accepted. */
  age: number;
  /** The stream that will bring the next `state` began after it was accepted: that state holds it. */
  inNextState: boolean;
}

/** Two checkpoints later its event can't be on its way any more: it was part of a `state`. */
const GIVE_UP_AGE = 2;

/**
 * The marks made here, on top of what the log has confirmed. Showing both together makes a mark visible at once;
 * keeping them apart makes it go again without a trace where the server says no.
 */
export class Intents {
  #list: Intent[] = [];

  get empty(): boolean {
    return this.#list.length === 0;
  }

  add(marking: Marking): Intent {
    const intent: Intent = { marking, accepted: false, age: 0, inNextState: false };
    this.#list.push(intent);
    return intent;
  }

  /** False: the log has told of it meanwhile, so there is nothing to take back. */
  remove(intent: Intent): boolean {
    const found = this.#list.includes(intent);
    this.#list = this.#list.filter((one) => one !== intent);
    return found;
  }

  /** Changes `state`, which must be a copy of what is confirmed, into what is to be shown. */
  applyTo(state: InboxState): void {
    for (const { marking } of this.#list) applyMarking(state, marking);
  }

  /**
   * Lets go of what `confirmed`, a copy, already shows. In order, each upon the ones before it: an unread must outlive
   * the read before it, though the item still is unread.
   */
  settle(confirmed: InboxState): void {
    this.#list = this.#list.filter(({ marking }) => applyMarking(confirmed, marking));
  }

  connected(): void {
    for (const intent of this.#list) intent.inNextState = intent.accepted;
  }

  stateCame(): void {
    this.#list = this.#list.filter((intent) => !intent.inNextState);
  }

  /** Everything sent until now has arrived, so an event that still has not come will not come. */
  checkpoint(): void {
    for (const intent of this.#list) if (intent.accepted) intent.age += 1;
    this.#list = this.#list.filter(({ age }) => age < GIVE_UP_AGE);
  }
}
