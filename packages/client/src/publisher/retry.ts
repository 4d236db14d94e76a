import { backoffMs } from '../backoff.ts';
import type { Environment } from '../environment.ts';
import { pause } from '../pause.ts';
import { RequestError } from '../request-error.ts';

const BASE_MS = 200;

/**
 * Tries until it succeeds, the error is not one that passes, or the next wait would end after `forMs`. Waits with
 * full jitter, and never less than `Retry-After` says. Ends with the reason of `signal` once it aborts.
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  forMs: number,
  environment: Environment,
  signal?: AbortSignal,
): Promise<Result> {
  const end = environment.now() + forMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!passes(error)) throw error;
      const jittered = backoffMs(tries, BASE_MS, environment.random);
      const wait = Math.max(jittered, (error.retryAfter ?? 0) * 1_000);
      if (environment.now() + wait > end) throw error;
      await pause(wait, environment, signal);
    }
  }
}

/** `idempotency_in_progress`: the first try, whose answer was lost, is still at work. */
function passes(error: unknown): error is RequestError {
  return error instanceof RequestError && (error.passing || error.code === 'idempotency_in_progress');
}
