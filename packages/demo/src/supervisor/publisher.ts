import { Agent } from 'node:http';
import { BelfryError } from '@belfry/protocol';
import type { Draft, Lane, SentMessage } from '../wire.ts';
import type { Ledger } from './ledger.ts';
import { OrderedQueue } from './ordered-queue.ts';
import type { Answer, Post } from './post.ts';
import { refusal } from './refusal.ts';

/** Messages in each lane's queue: what waits for a dead server stays bounded. */
const MOST_WAITING = 200;

export interface PublisherOptions {
  /** Where the server is. */
  url: string;
  run: string;
  apiKey: string;
  ledger: Ledger;
  onChange: (message: SentMessage) => void;
}

/**
 * Puts each message into both lanes at the same moment. Both get the same treatment: one message after the other, by
 * number, each tried until the server has said 2xx.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #stopped = new AbortController();
  readonly #queues: Readonly<Record<Lane, OrderedQueue>> = {
    belfry: new OrderedQueue(this.#agent),
    byHand: new OrderedQueue(this.#agent),
  };

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Too much waits for a server that does not answer. */
  get full(): boolean {
    return Object.values(this.#queues).some(({ length }) => length >= MOST_WAITING);
  }

  /**
   * Answers once Belfry has stored the message.
   *
   * @throws BelfryError with Belfry's own words where it refuses the message.
   */
  async publish(draft: Draft): Promise<SentMessage> {
    if (this.full)
      throw new BelfryError('unavailable', `${MOST_WAITING} messages are waiting already.`, { retryAfter: 1 });
    const { ledger, onChange } = this.#options;
    const message = ledger.add(draft);
    onChange(message);
    // The hand-written lane has no say in whether a message counts, so nobody waits for it.
    this.#send(message, 'byHand', this.#byHand(message)).catch(() => {});
    const answer = await this.#send(message, 'belfry', this.#notification(message));
    if (answer.status < 300) return message;
    ledger.forget(message);
    throw refusal(answer);
  }

  stop(): void {
    this.#stopped.abort();
    this.#agent.destroy();
  }

  async #send(message: SentMessage, lane: Lane, request: Post): Promise<Answer> {
    const answer = await this.#queues[lane].send(request);
    if (answer.status < 300) this.#options.onChange(this.#options.ledger.acknowledge(message, lane));
    return answer;
  }

  #notification({ seq, to, title, body, severity }: SentMessage): Post {
    const { run } = this.#options;
    const channel = to === 'all' ? 'all' : `user:${to}`;
    const subject = {
      kind: 'demo.message',
      id: `${run}-${seq}`,
      title: to === 'all' ? `#${seq} to everyone` : `#${seq}`,
    };
    const content = { to: channel, type: 'demo.message', title, severity, subject, data: { run, seq } };
    return this.#post('/v1/notifications', seq, body === null ? content : { ...content, body });
  }

  #byHand({ seq, to, title, body, severity }: SentMessage): Post {
    return this.#post('/by-hand/send', seq, { to, message: { seq, title, body, severity } });
  }

  #post(path: string, seq: number, body: unknown): Post {
    const { run, apiKey, url } = this.#options;
    const headers = { Authorization: `Bearer ${apiKey}`, 'Idempotency-Key': `demo-${run}-${seq}` };
    return { url: url + path, headers, body, signal: this.#stopped.signal };
  }
}
