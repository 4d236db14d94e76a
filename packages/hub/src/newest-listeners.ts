import type { Principal } from '@belfry/core';

/** What can be told to go: to make room for a newer one, or to start anew. */
export interface Replaceable {
  close(reason: 'replaced' | 'unavailable'): void;
}

/** The listeners of each person, or of the services of each tenant, in this process. Past the limit the oldest makes room. */
export class NewestListeners {
  readonly #most: number;
  /** Of each, oldest first. */
  readonly #listeners = new Map<string, Set<Replaceable>>();

  constructor(most: number) {
    this.#most = most;
  }

  add(principal: Principal, listener: Replaceable): void {
    const key = keyOf(principal);
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    if (listeners.size <= this.#most) return;
    const [oldest] = listeners;
    if (oldest === undefined) return;
    listeners.delete(oldest);
    oldest.close('replaced');
  }

  remove(principal: Principal, listener: Replaceable): void {
    const key = keyOf(principal);
    const listeners = this.#listeners.get(key);
    if (listeners?.delete(listener) && listeners.size === 0) this.#listeners.delete(key);
  }
}

/** A tenant's name holds no `/`, and no person's is empty. */
function keyOf(principal: Principal): string {
  return `${principal.tenant}/${principal.kind === 'person' ? principal.user : ''}`;
}
