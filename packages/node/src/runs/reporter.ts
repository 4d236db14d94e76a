import { RequestError } from '@belfry/client/transport';
import { BelfryError, type Run } from '@belfry/protocol';
import type { Api } from '../api.ts';
import type { RunChange } from './input.ts';
import { LineQueue } from './line-queue.ts';
import type { Line } from './lines.ts';

/** How long lines gather before they go. */
const GATHER_MS = 50;

export type Patch = RunChange & Partial<Pick<Run, 'artifacts'>>;

interface Pending {
  patch: Patch;
  promise: Promise<Run>;
  resolve: (run: Run) => void;
  reject: (error: unknown) => void;
}

/**
 * Tells the server about one run: one request at a time, so that lines stay in order and a change never overtakes an
 * earlier one. What comes while a request is under way goes together in the next. It goes on trying for as long as the
 * server is away.
 */
export class Reporter {
  readonly #api: Api;
  readonly #path: string;
  readonly #lines = new LineQueue();
  readonly #failing = new AbortController();
  #change: Pending | null = null;
  #sending: Promise<void> | null = null;
  #hurry = new AbortController();
  /** Why lines were refused. The rest of the report goes on. */
  #refused: RequestError | null = null;

  constructor(api: Api, path: string) {
    this.#api = api;
    this.#path = path;
  }

  /** Aborts when nothing more can be reported: the run has ended elsewhere, or the key may not any more. */
  get failed(): AbortSignal {
    return this.#failing.signal;
  }

  log(lines: readonly Line[]): Promise<void> {
    if (this.failed.aborted) return handled(Promise.reject(this.failed.reason));
    this.#lines.add(lines);
    this.#start();
    if (this.#lines.isFull) this.#hurry.abort();
    return this.#lines.room();
  }

  /** Changes that come before the earlier one was sent go with it; the last says how it is. */
  change(patch: Patch): Promise<Run> {
    if (this.failed.aborted) return handled(Promise.reject(this.failed.reason));
    this.#change ??= { patch: {}, ...Promise.withResolvers<Run>() };
    Object.assign(this.#change.patch, patch);
    const { promise } = this.#change;
    this.#start();
    this.#hurry.abort();
    return handled(promise);
  }

  /**
   * Ends when all that was reported so far is stored.
   *
   * @throws what failed; RequestError `unavailable` where the server stays away for longer than calls are retried.
   */
  async flush(): Promise<void> {
    this.#hurry.abort();
    const enough = new AbortController();
    const late = this.#api.pause(Math.max(this.#api.retryForMs, 1_000), enough.signal).then(tooLate);
    try {
      while (this.#sending !== null) await Promise.race([this.#sending, late]);
    } finally {
      enough.abort();
      handled(late);
    }
    this.failed.throwIfAborted();
    const refused = this.#refused;
    this.#refused = null;
    if (refused !== null) throw refused;
  }

  fail(error: unknown): void {
    this.#failing.abort(error);
    this.#lines.clear();
    this.#change?.reject(error);
    this.#change = null;
    this.#hurry.abort();
  }

  #start(): void {
    if (this.#sending !== null) return;
    this.#sending = this.#send();
    this.#api.track(this.#sending);
  }

  async #send(): Promise<void> {
    while (!this.failed.aborted && (this.#change !== null || !this.#lines.isEmpty)) {
      await this.#api.pause(GATHER_MS, this.#hurry.signal).catch(() => {});
      if (this.#hurry.signal.aborted) this.#hurry = new AbortController();
      try {
        if (!this.#lines.isEmpty) await this.#sendLines();
        if (this.#change !== null) await this.#sendChange(this.#change);
      } catch (error) {
        this.fail(error);
      }
    }
    // In the same step as the last look: what comes after it starts anew, and is not left lying.
    this.#sending = null;
  }

  async #sendLines(): Promise<void> {
    try {
      await this.#api.create(`${this.#path}/logs`, this.#lines.take(), { signal: this.failed }, Infinity);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#refused ??= error;
    }
  }

  async #sendChange(change: Pending): Promise<void> {
    this.#change = null;
    try {
      const call = { method: 'PATCH', body: change.patch, signal: this.failed } as const;
      change.resolve(await this.#api.call<Run>(this.#path, call, Infinity));
    } catch (error) {
      change.reject(error);
      if (!isRefusal(error)) throw error;
    }
  }
}

/** What is wrong with this one request, and not with all that follow. */
function isRefusal(error: unknown): error is RequestError {
  return error instanceof RequestError && (error.status === 400 || error.status === 413);
}

function tooLate(): never {
  throw new BelfryError('unavailable', 'What was reported of the run is not stored yet: Belfry can not be reached.');
}

/** Whoever does not await it learns of the failure by the next call, by `signal` or at the end. */
function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
