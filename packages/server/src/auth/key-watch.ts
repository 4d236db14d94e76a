import type { Core } from '@belfry/core';
import type { Hub } from '@belfry/hub';
import { ROOT_KEY } from './api-key.ts';

const EVERY_MS = 1_000;

/**
 * Ends what is open by API keys that another process has removed. The process that removes one ends its own at once;
 * where nobody else can, nobody looks.
 */
export class KeyWatch {
  readonly #core: Core;
  readonly #hub: Hub;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(core: Core, hub: Hub) {
    this.#core = core;
    this.#hub = hub;
  }

  start(): void {
    if (this.#core.store.shared) this.#timer ??= setInterval(() => this.#look(), EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#looking;
  }

  /** While the database is away nobody can remove a key. */
  #look(): void {
    this.#looking ??= this.#endRemoved()
      .catch(() => {})
      .finally(() => {
        this.#looking = null;
      });
  }

  async #endRemoved(): Promise<void> {
    const used = this.#hub.keys;
    used.delete(ROOT_KEY);
    if (used.size === 0) return;
    const kept = new Set((await this.#core.apiKeys.list()).map(({ id }) => id));
    const removed = new Set([...used].filter((key) => !kept.has(key)));
    if (removed.size === 0) return;
    this.#hub.closeWhere((principal) => principal.kind === 'service' && removed.has(principal.key), 'access');
  }
}
