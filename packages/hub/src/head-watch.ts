import type { Head, Store } from '@belfry/core';
import type { LogFollower } from './log-follower.ts';

const EVERY_MS = 1_000;
const RETRY_MS = 500;
const LOGS_A_QUERY = 1_000;

/** Told when the database stops answering and when it answers again: once each. Must not throw. */
export interface StoreObserver {
  storeLost?(error: unknown): void;
  storeBack?(awayMs: number): void;
}

export interface HeadWatchOptions {
  store: Store;
  observer: StoreObserver;
  /** The followed logs, by name. */
  followers: () => ReadonlyMap<string, LogFollower>;
}

/**
 * Asks the store every second where the followed logs end, all of them in one query: so is found what no message ever
 * told of, and that a backup was restored. Only while there is something to follow.
 */
export class HeadWatch {
  readonly #options: HeadWatchOptions;
  #timer: NodeJS.Timeout | null = null;
  #isAsking = false;
  #askAgain = false;
  #stopped = false;
  #lostAt: number | null = null;

  constructor(options: HeadWatchOptions) {
    this.#options = options;
  }

  /** To be called when there is something to follow. */
  start(): void {
    if (!this.#isAsking && this.#timer === null) this.#askAfter(EVERY_MS);
  }

  /** Asks at once; once more where it is asking already, as that answer may be too old. */
  askNow(): void {
    if (this.#isAsking) this.#askAgain = true;
    else this.#askAfter(0);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #askAfter(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stopped || this.#options.followers().size === 0) return;
    this.#timer = setTimeout(() => void this.#ask(), ms).unref();
  }

  async #ask(): Promise<void> {
    this.#timer = null;
    this.#isAsking = true;
    this.#askAgain = false;
    const isAnswered = await this.#askAll();
    this.#isAsking = false;
    this.#askAfter(this.#askAgain ? 0 : isAnswered ? EVERY_MS : RETRY_MS);
  }

  async #askAll(): Promise<boolean> {
    const followers = [...this.#options.followers().values()].filter(({ isFollowing }) => isFollowing);
    try {
      for (let from = 0; from < followers.length && !this.#stopped; from += LOGS_A_QUERY) {
        await this.#askSome(followers.slice(from, from + LOGS_A_QUERY));
      }
      this.#answered();
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** What a follower reached before the question is what the answer must not fall short of. */
  async #askSome(followers: readonly LogFollower[]): Promise<void> {
    const before = followers.map(({ reached }) => reached);
    const logs = followers.map(({ log }) => log);
    const heads = await this.#options.store.read('heads', { logs });
    const byName = new Map(heads.map(({ log, head }: Head) => [log, head]));
    for (const [index, follower] of followers.entries()) {
      const head = byName.get(follower.log);
      const then = before[index];
      if (head !== undefined && then !== undefined) follower.compare(then, head);
    }
  }

  #failed(error: unknown): void {
    for (const follower of this.#options.followers().values()) follower.doubt();
    if (this.#stopped || this.#lostAt !== null) return;
    this.#lostAt = performance.now();
    this.#options.observer.storeLost?.(error);
  }

  #answered(): void {
    if (this.#lostAt === null) return;
    const awayMs = Math.round(performance.now() - this.#lostAt);
    this.#lostAt = null;
    this.#options.observer.storeBack?.(awayMs);
  }
}
