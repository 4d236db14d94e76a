import type { Tail } from '../sql/log/appender.ts';
import type { Connection } from './connection.ts';

/** A group that was sent whole, by one statement, and is not answered. */
export interface SentGroup {
  connection: Connection;
  /** Of that statement, on its connection. */
  number: number;
  /** Where its log ends if it is written. */
  end: Tail;
}

/** One group's place among those of its log. */
export interface Place {
  /** The group before it, which may be over by now. */
  before: Place | undefined;
  /** Once it is: the next may be sent behind it. */
  sent: SentGroup | undefined;
  /** Once all is over. */
  readonly left: Promise<void>;
  leave(): void;
}

/** The groups of each log that are under way, of which there are two at most, in the order in which they began. */
export class GroupsUnderWay {
  readonly #newest = new Map<string, Place>();

  enter(log: string): Place {
    const { promise, resolve } = Promise.withResolvers<void>();
    const leave = () => {
      if (this.#newest.get(log) === place) this.#newest.delete(log);
      // Else each would keep all that were ever before it.
      place.before = undefined;
      resolve();
    };
    const place: Place = { before: this.#newest.get(log), sent: undefined, left: promise, leave };
    this.#newest.set(log, place);
    return place;
  }
}
