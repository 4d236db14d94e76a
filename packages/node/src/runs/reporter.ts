import { RequestError } from '@belfry/client/transport';
import { BelfryError, type Run } from '@belfry/protocol';
import type { Api } from '../api.ts';
import type { RunChange } from './input.ts';
import { LineQueue } from './line-queue.ts';
import type { Line } from './lines.ts';
import { Reported } from './reported.ts';

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
  /** What was begun by `tell` and has not ended. */
  readonly #telling = new Set<Promise<unknown>>();
  readonly #onError: (error: unknown) => void;
  /** The first that went wrong and nobody was told. The rest of the report goes on. */
  #untold: { error: unknown } | null = null;
  #hasEnded = false;

  constructor(api: Api, path: string, onError: (error: unknown) => void = () => {}) {
    this.#api = api;
    this.#path = path;
    this.#onError = onError;
  }

  /** Aborts when nothing more can be reported: the run has ended elsewhere, or the key may not any more. */
  get failed(): AbortSignal {
    return this.#failing.signal;
  }

  log(lines: readonly Line[]): Promise<void> {
    if (this.failed.aborted) return this.#refusal();
    if (this.#hasEnded) return this.#tooLate();
    this.#lines.add(lines);
    this.#start();
    if (this.#lines.isFull) this.#hurry.abort();
    return this.#lines.room();
  }

  /** Changes that come before the earlier one was sent go with it; the last says how it is. */
  change(patch: Patch): Promise<Run> {
    if (this.failed.aborted) return this.#refusal();
    if (this.#hasEnded) return this.#tooLate();
    this.#change ??= { patch: {}, ...Promise.withResolvers<Run>() };
    Object.assign(this.#change.patch, patch);
    const { promise } = this.#change;
    this.#start();
    this.#hurry.abort();
    return Reported.of(promise, (error) => this.#unheard(error));
  }

  /** Does what takes more than one request. Whoever does not await it learns of a failure as of one of `change`. */
  tell<Result>(work: Promise<Result>): Promise<Result> {
    this.#telling.add(work);
    const done = () => this.#telling.delete(work);
    work.then(done, done);
    return Reported.of(work, (error) => this.#unheard(error));
  }

  /**
   * Ends when all that was reported so far is stored, or was refused: gives the first refusal that nobody has been told.
   *
   * @throws what ended the report; BelfryError `unavailable` where the server stays away for longer than calls are retried.
   */
  async settle(): Promise<{ error: unknown } | null> {
    this.#hurry.abort();
    const enough = new AbortController();
    const late = this.#api.pause(Math.max(this.#api.retryForMs, 1_000), enough.signal).then(tooLate);
    try {
      while (this.#sending !== null || this.#telling.size > 0) {
        await Promise.race([Promise.allSettled([this.#sending, ...this.#telling]), late]);
      }
    } finally {
      enough.abort();
      late.catch(() => {});
    }
    this.failed.throwIfAborted();
    const untold = this.#untold;
    this.#untold = null;
    return untold;
  }

  /** Its reporter has ended it: what comes now is refused, and `failed` does not abort. */
  end(): void {
    this.#hasEnded = true;
  }

  fail(error: unknown): void {
    if (!this.failed.aborted) this.#onError(error);
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
      this.#unheard(error);
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

  /** What ended the report is told by the signal, and by all that is called after it. */
  #unheard(error: unknown): void {
    if (this.failed.aborted) return;
    this.#untold ??= { error };
    this.#onError(error);
  }

  #refusal<Result>(): Promise<Result> {
    return Reported.of(Promise.reject<Result>(this.failed.reason), () => {});
  }

  #tooLate<Result>(): Promise<Result> {
    const error = new BelfryError('run_finished', 'This run has ended: what is reported after its end is not kept.');
    return this.tell(Promise.reject<Result>(error));
  }
}

/** What is wrong with this one request, and not with all that follow. */
function isRefusal(error: unknown): error is RequestError {
  return error instanceof RequestError && (error.status === 400 || error.status === 413);
}

function tooLate(): never {
  throw new BelfryError('unavailable', 'What was reported of the run is not stored yet: Belfry can not be reached.');
}
