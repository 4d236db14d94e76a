import { setMaxListeners } from 'node:events';
import {
  type Call,
  createRequester,
  type Environment,
  environmentWith,
  newIdempotencyKey,
  pause,
  type Requester,
  urlMissing,
  withRetries,
} from '@belfry/client/transport';
import { BelfryError } from '@belfry/protocol';
import type { BelfryOptions, CreateOptions } from './options.ts';

/** The HTTP API as this client calls it: retried, each try that creates under the same key, and ended by `stop`. */
export class Api {
  readonly environment: Environment;
  readonly requester: Requester;
  readonly retryForMs: number;
  readonly #stopping = new AbortController();
  readonly #reports = new Set<Promise<void>>();

  /** @throws BelfryError `invalid` where `url` or `apiKey` is missing or can't be one. */
  constructor({ url, apiKey, tenant, fetch, retryForMs = 30_000, environment }: BelfryOptions) {
    if (!url) throw urlMissing();
    if (!apiKey) throw new BelfryError('invalid', 'apiKey is missing: is BELFRY_API_KEY set?', { field: 'apiKey' });
    this.environment = environmentWith(fetch === undefined ? environment : { ...environment, fetch });
    const headers: Record<string, string> = tenant === undefined ? {} : { 'Belfry-Tenant': tenant };
    this.requester = createRequester({ url, token: apiKey, headers }, this.environment);
    this.retryForMs = retryForMs;
    // Every call under way listens to it, and there may be many.
    setMaxListeners(0, this.#stopping.signal);
  }

  /** A call that can be repeated without harm. */
  call<Answer>(path: string, call: Call = {}, retryForMs = this.retryForMs): Promise<Answer> {
    const signal = this.until(call.signal);
    const attempt = (): Promise<unknown> => this.requester.call(path, { ...call, signal });
    return withRetries(attempt, retryForMs, this.environment, signal) as Promise<Answer>;
  }

  /** A call that creates something: a try whose answer was lost is repeated under the same Idempotency-Key. */
  create<Answer>(path: string, json: string, options: CreateOptions = {}, retryForMs?: number): Promise<Answer> {
    const { idempotencyKey = newIdempotencyKey(this.environment), signal } = options;
    const headers = { 'Idempotency-Key': idempotencyKey };
    return this.call(path, { method: 'POST', json, headers, signal }, retryForMs);
  }

  pause(ms: number, signal?: AbortSignal): Promise<void> {
    return pause(ms, this.environment, this.until(signal));
  }

  /** Aborts with `signal`, and when this client is closed. */
  until(signal: AbortSignal | undefined): AbortSignal {
    const stopped = this.#stopping.signal;
    return signal === undefined || signal === stopped ? stopped : AbortSignal.any([signal, stopped]);
  }

  /** A report that `flush` waits for. */
  track(report: Promise<void>): void {
    this.#reports.add(report);
    report.finally(() => this.#reports.delete(report));
  }

  async flush(): Promise<void> {
    while (this.#reports.size > 0) await Promise.all(this.#reports);
  }

  stop(): void {
    this.#stopping.abort(new BelfryError('unavailable', 'This client was closed. Make another one.'));
  }
}
