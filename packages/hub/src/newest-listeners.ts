import type { Principal } from '@belfry/core';
import { minus, type OneOrMore, plus } from './one-or-more.ts';

/** What can be told to go: to make room for a newer one, or to start anew. */
export interface Replaceable {
  close(reason: 'replaced' | 'unavailable'): void;
}

/** The listeners of each person, or of the services of each tenant, in this process. Past the limit the oldest makes room. */
export class NewestListeners {
  readonly #most: number;
  /** Of each, oldest first. */
  readonly #listeners = new Map<string, OneOrMore<Replaceable>>();

  constructor(most: number) {
    this.#most = most;
  }

  add(principal: Principal, listener: Replaceable): void {
    const key = keyOf(principal);
    const listeners = plus(this.#listeners.get(key), listener);
    this.#listeners.set(key, listeners);
    if (!(listeners instanceof Set) || listeners.size <= this.#most) return;
    const [oldest] = listeners;
    if (oldest === undefined) return;
    listeners.delete(oldest);
    oldest.close('replaced');
  }

  remove(principal: Principal, listener: Replaceable): void {
    const key = keyOf(principal);
    if (minus(this.#listeners.get(key), listener) === undefined) this.#listeners.delete(key);
  }
}

/** A tenant's name holds no `/`, and no person's is empty. */
function keyOf(principal: Principal): string {
  return `${principal.tenant}/${principal.kind === 'person' ? principal.user : ''}`;
}
