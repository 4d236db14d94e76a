import type { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Post, post } from './post.ts';

const PAUSE_MS = 150;

/**
 * Sends until there is an answer that another try would not change. Safe to repeat only with an Idempotency-Key:
 * the answer may be lost although the request was done.
 *
 * @throws when `signal` ends it.
 */
export async function persist(agent: Agent, request: Post): Promise<Answer> {
  for (;;) {
    request.signal.throwIfAborted();
    const answer = await post(agent, request).catch(() => null);
    if (answer !== null && !isPassing(answer)) return answer;
    await sleep(PAUSE_MS, undefined, { signal: request.signal });
  }
}

/** Too busy, the server's own trouble, or the first try with this key still under way. */
function isPassing({ status, body }: Answer): boolean {
  return status >= 500 || status === 429 || (status === 409 && body.includes('idempotency_in_progress'));
}
