import type { Principal } from '@belfry/core';
import { minus, type OneOrMore, plus } from './one-or-more.ts';

/** What can be told to go: to make room for a newer one, or to start anew. */
export interface Replaceable {
  close(reason: 'replaced' | 'unavailable'): void;
}

/** The listeners of each person, or of the services of each tenant, in this process. Past the limit the oldest makes room. */
export class NewestListeners {
  readonly #most: number;
  /** Of each, oldest first; by tenant and user. No person's name is empty. */
  readonly #tenants = new Map<string, Map<string, OneOrMore<Replaceable>>>();

  constructor(most: number) {
    this.#most = most;
  }

  add(principal: Principal, listener: Replaceable): void {
    const { tenant } = principal;
    let ofTenant = this.#tenants.get(tenant);
    if (ofTenant === undefined) {
      ofTenant = new Map();
      this.#tenants.set(tenant, ofTenant);
    }
    const key = keyOf(principal);
    const listeners = plus(ofTenant.get(key), listener);
    ofTenant.set(key, listeners);
    if (!(listeners instanceof Set) || listeners.size <= this.#most) return;
    const [oldest] = listeners;
    if (oldest === undefined) return;
    listeners.delete(oldest);
    oldest.close('replaced');
  }

  remove(principal: Principal, listener: Replaceable): void {
    const { tenant } = principal;
    const ofTenant = this.#tenants.get(tenant);
    const key = keyOf(principal);
    if (ofTenant === undefined || minus(ofTenant.get(key), listener) !== undefined) return;
    ofTenant.delete(key);
    if (ofTenant.size === 0) this.#tenants.delete(tenant);
  }
}

function keyOf(principal: Principal): string {
  return principal.kind === 'person' ? principal.user : '';
}
