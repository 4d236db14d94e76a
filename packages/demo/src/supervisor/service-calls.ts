import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { BelfryError } from '@belfry/protocol';
import { OrderedQueue } from './ordered-queue.ts';
import type { Post } from './post.ts';
import { refusal } from './refusal.ts';

/** What waits for a dead server stays bounded. */
const MOST_WAITING = 50;

export interface ServiceCallsOptions {
  /** Where the server is. */
  url: string;
  apiKey: string;
}

type Method = 'POST' | NonNullable<Post['method']>;

/**
 * What an application's backend calls besides publishing. One call after the other, each tried until the server has
 * answered for good: a server that is killed meanwhile costs time and nothing else.
 */
export class ServiceCalls {
  readonly #options: ServiceCallsOptions;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #stopped = new AbortController();
  readonly #queue = new OrderedQueue(this.#agent);

  constructor(options: ServiceCallsOptions) {
    this.#options = options;
  }

  /** Ends with the supervisor. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /**
   * Answers the JSON of the answer, null where it is empty.
   *
   * @throws BelfryError with Belfry's own words where it refuses.
   */
  async call(method: Method, path: string, body?: unknown): Promise<unknown> {
    if (this.#queue.length >= MOST_WAITING) {
      throw new BelfryError('unavailable', `${MOST_WAITING} calls are waiting already.`, { retryAfter: 1 });
    }
    const { url, apiKey } = this.#options;
    const answer = await this.#queue.send({
      ...(method === 'POST' ? {} : { method }),
      url: url + path,
      headers: { Authorization: `Bearer ${apiKey}`, 'Idempotency-Key': `demo-${randomUUID()}` },
      body,
      signal: this.#stopped.signal,
    });
    if (answer.status >= 300) throw refusal(answer);
    return answer.body === '' ? null : JSON.parse(answer.body);
  }

  stop(): void {
    this.#stopped.abort();
    this.#agent.destroy();
  }
}
