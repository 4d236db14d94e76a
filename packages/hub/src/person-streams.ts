import type { Person } from '@belfry/core';
import { LIMITS } from '@belfry/protocol';

/** What can be told to go: to make room for a newer one, or to start anew. */
export interface Replaceable {
  close(reason: 'replaced' | 'unavailable'): void;
}

/** Streams and polls of each person in this process. Past the limit the oldest makes room. */
export class PersonStreams {
  /** Of each, oldest first. */
  readonly #streams = new Map<string, Set<Replaceable>>();

  add(person: Person, stream: Replaceable): void {
    const key = keyOf(person);
    const streams = this.#streams.get(key) ?? new Set();
    this.#streams.set(key, streams.add(stream));
    if (streams.size <= LIMITS.streams) return;
    const [oldest] = streams;
    if (oldest === undefined) return;
    streams.delete(oldest);
    oldest.close('replaced');
  }

  remove(person: Person, stream: Replaceable): void {
    const key = keyOf(person);
    const streams = this.#streams.get(key);
    if (streams?.delete(stream) && streams.size === 0) this.#streams.delete(key);
  }
}

/** A tenant's name holds no `/`. */
function keyOf({ tenant, user }: Person): string {
  return `${tenant}/${user}`;
}
