import { BelfryError } from '@belfry/protocol';
import type { Host } from './host.ts';
import { newIdempotencyKey } from './publisher/idempotency-key.ts';
import type { Call } from './sender.ts';
import type { StatusValue } from './status.ts';

/** What every store shows of the connection and of what was done last. */
export interface Common {
  status: StatusValue;
  readOnly: boolean;
  error: BelfryError | null;
}

/** What the user does: not where the principal may only look, and with the reason kept where it was refused. */
export interface Deeds {
  shown(): Common;
  /** Begins another one. False where nothing may be sent; `error` says so. */
  allowed(): boolean;
  post(path: string, body?: unknown, headers?: Call['headers']): Promise<unknown>;
  /** Something new: the key keeps a proxy that repeats the request from making two. */
  create(path: string, body: unknown): Promise<unknown>;
  /** Keeps why the last one was taken back. */
  fail(error: unknown): BelfryError;
  /** It was taken after all. */
  forgive(): void;
  /** Where it fails, the reason is kept and the answer is `otherwise`. */
  tried<Answer>(work: () => Promise<Answer>, otherwise: Answer): Promise<Answer>;
}

export function createDeeds({ status, requester, environment }: Host, touch: () => void): Deeds {
  let failure: BelfryError | null = null;

  const fail = (error: unknown): BelfryError => {
    failure =
      error instanceof BelfryError ? error : new BelfryError('internal', 'The request failed.', { cause: error });
    touch();
    return failure;
  };
  const post: Deeds['post'] = (path, body, headers = {}) => requester.call(path, { method: 'POST', body, headers });

  return {
    shown: () => {
      const { value, readOnly, error } = status();
      return { status: value, readOnly, error: failure ?? error };
    },
    allowed: () => {
      failure = null;
      touch();
      const { readOnly } = status();
      if (readOnly) {
        fail(new BelfryError('forbidden', 'You may only look here. Sign in as somebody who may change things.'));
      }
      return !readOnly;
    },
    post,
    create: (path, body) => post(path, body, { 'Idempotency-Key': newIdempotencyKey(environment) }),
    fail,
    forgive: () => {
      failure = null;
    },
    tried: async (work, otherwise) => {
      try {
        return await work();
      } catch (error) {
        fail(error);
        return otherwise;
      } finally {
        touch();
      }
    },
  };
}
