import { BelfryError } from '@belfry/protocol';
import type { Host } from './host.ts';
import { newIdempotencyKey } from './publisher/idempotency-key.ts';
import type { StatusValue } from './status.ts';

/** What every store shows of the connection and of what was done last. */
export interface Common {
  status: StatusValue;
  readOnly: boolean;
  error: BelfryError | null;
}

/** What the user does: not where the principal may only look, and with the reason kept where it was refused. */
export class Deeds {
  /** Why the last one was taken back. */
  error: BelfryError | null = null;
  readonly #host: Host;
  readonly #touch: () => void;

  constructor(host: Host, touch: () => void) {
    this.#host = host;
    this.#touch = touch;
  }

  shown(): Common {
    const { value, readOnly, error } = this.#host.status();
    return { status: value, readOnly, error: this.error ?? error };
  }

  /** Begins another one. False where nothing may be sent; `error` says so. */
  allowed(): boolean {
    this.error = null;
    this.#touch();
    if (!this.#host.status().readOnly) return true;
    this.fail(new BelfryError('forbidden', 'You may only look here. Sign in as somebody who may change things.'));
    return false;
  }

  async post<Answer>(path: string, body?: unknown): Promise<Answer> {
    return (await this.#host.requester.call(path, { method: 'POST', body })) as Answer;
  }

  /** Something new: the key keeps a proxy that repeats the request from making two. */
  async create<Answer>(path: string, body: unknown): Promise<Answer> {
    const headers = { 'Idempotency-Key': newIdempotencyKey(this.#host.environment) };
    return (await this.#host.requester.call(path, { method: 'POST', body, headers })) as Answer;
  }

  fail(error: unknown): BelfryError {
    this.error =
      error instanceof BelfryError ? error : new BelfryError('internal', 'The request failed.', { cause: error });
    this.#touch();
    return this.error;
  }
}
