import { type Clock, isoTime } from './clock.ts';
import { newId } from './ids.ts';
import type { Scope } from './principal.ts';
import type { Recorder } from './recorder.ts';
import { hashSecret, newSecret } from './secret.ts';
import type { ApiKey } from './store/credentials.ts';

const CACHE_MS = 1_000;
const CACHE_SIZE = 1_000;

interface Cached {
  key: ApiKey | null;
  until: number;
}

/**
 * Keys for services, hashed at rest. Looked-up keys are remembered for 1 s, so that one which another process removes
 * ends within that; keys that could make new keys are looked up each time.
 */
export class ApiKeys {
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  readonly #cache = new Map<string, Cached>();
  /** Changes with each removal: what was looked up before it must not be remembered after it. */
  #removals = 0;

  constructor(recorder: Recorder, clock: Clock) {
    this.#recorder = recorder;
    this.#clock = clock;
  }

  /** The secret is shown this once. */
  async add(name: string, scopes: readonly Scope[], tenant: string | null): Promise<{ key: ApiKey; secret: string }> {
    const secret = newSecret('bk');
    const now = this.#clock.now();
    const key: ApiKey = { id: newId(now), name, scopes, tenant, createdAt: isoTime(now) };
    await this.#recorder.commit('addKey', { key, hash: hashSecret(secret) });
    return { key, secret };
  }

  async remove(id: string): Promise<void> {
    await this.#recorder.commit('removeKey', { id });
    this.#removals += 1;
    this.#cache.clear();
  }

  list(): Promise<ApiKey[]> {
    return this.#recorder.store.read('keys', {});
  }

  async find(secret: string): Promise<ApiKey | null> {
    const hash = hashSecret(secret);
    const now = this.#clock.now();
    const cached = this.#cache.get(hash);
    if (cached !== undefined && cached.until > now) return cached.key;
    const removals = this.#removals;
    const key = await this.#recorder.store.read('keyByHash', { hash });
    if (removals !== this.#removals || key?.scopes.includes('admin') === true) return key;
    // Strangers choose what is looked up, so what is remembered has a bound.
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
    this.#cache.set(hash, { key, until: now + CACHE_MS });
    return key;
  }
}
