import type { Notification } from '@belfry/client';
import type { Person } from '../../src/wire.ts';
import { Signal } from '../signal.ts';
import { seqOf } from './numbers.ts';

const MOST = 1_000;

/** When each message stood in somebody's list on this page for the first time. */
export class ShownTimes extends Signal {
  readonly #times = new Map<string, number>();

  /** Milliseconds since 1970; null while it is not there. */
  of(person: Person, seq: number): number | null {
    return this.#times.get(`${person} ${seq}`) ?? null;
  }

  /** Call it right after these items have been put into the document. */
  note(person: Person, items: readonly Notification[], run: string): void {
    let news = false;
    for (const item of items) {
      const seq = seqOf(item, run);
      if (seq === null || this.of(person, seq) !== null) continue;
      this.#times.set(`${person} ${seq}`, Date.now());
      news = true;
    }
    while (this.#times.size > MOST) this.#times.delete(this.#times.keys().next().value as string);
    if (news) this.changed();
  }
}
