import type { Agent } from 'node:http';
import { persist } from './persist.ts';
import type { Answer, Post } from './post.ts';

/**
 * One lane's requests, each sent only after the one before it has been answered for good. While the server is away
 * the first of them is tried again and the others wait behind it, so that what is sent first is also stored first.
 */
export class OrderedQueue {
  readonly #agent: Agent;
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  /** Those that wait, and the one under way. */
  get length(): number {
    return this.#length;
  }

  /** @throws when the request's `signal` ends it. */
  send(request: Post): Promise<Answer> {
    this.#length += 1;
    const answer = this.#last
      .then(() => persist(this.#agent, request))
      .finally(() => {
        this.#length -= 1;
      });
    this.#last = answer.catch(() => {});
    return answer;
  }
}
