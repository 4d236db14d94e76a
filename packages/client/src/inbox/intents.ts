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
export interface Intents {
  isEmpty(): boolean;
  add(marking: Marking): Intent;
  /** False: the log has told of it meanwhile, so there is nothing to take back. */
  remove(intent: Intent): boolean;
  /** Changes `state`, which must be a copy of what is confirmed, into what is to be shown. */
  applyTo(state: InboxState): void;
  /**
   * Lets go of what `confirmed`, a copy, already shows. In order, each upon the ones before it: an unread must outlive
   * the read before it, though the item still is unread.
   */
  settle(confirmed: InboxState): void;
  clear(): void;
  connected(): void;
  stateCame(): void;
  /** Everything sent until now has arrived, so an event that still has not come will not come. */
  checkpoint(): void;
}

export function createIntents(): Intents {
  let list: Intent[] = [];
  const keep = (isKept: (intent: Intent) => boolean): void => {
    list = list.filter(isKept);
  };
  return {
    isEmpty: () => list.length === 0,
    add: (marking) => {
      const intent: Intent = { marking, accepted: false, age: 0, inNextState: false };
      list.push(intent);
      return intent;
    },
    remove: (intent) => {
      const found = list.includes(intent);
      keep((one) => one !== intent);
      return found;
    },
    applyTo: (state) => {
      for (const { marking } of list) applyMarking(state, marking);
    },
    settle: (confirmed) => keep(({ marking }) => applyMarking(confirmed, marking)),
    clear: () => keep(() => false),
    connected: () => {
      for (const intent of list) intent.inNextState = intent.accepted;
    },
    stateCame: () => keep((intent) => !intent.inNextState),
    checkpoint: () => {
      for (const intent of list) if (intent.accepted) intent.age += 1;
      keep(({ age }) => age < GIVE_UP_AGE);
    },
  };
}
