import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Redis } from 'ioredis';
import { backoffMs } from '../patience.ts';
import type { Listening, RedisEnds } from './link.ts';

export interface NodeListenerOptions {
  cluster: Cluster;
  /** A client of one node that is not connected yet. */
  clientOf: (node: Redis) => Redis;
  ends: RedisEnds;
}

/**
 * Listens to a Cluster where every message goes to all nodes: to one of them, and to another once that is gone. The library
 * has such a listener too, and lets nobody make its socket (see `Connector`).
 */
export class NodeListener implements Listening {
  readonly #options: NodeListenerOptions;
  readonly #closing = new AbortController();
  /** Null while none is listened to. */
  #current: Redis | null = null;
  #newest: Redis | null = null;

  constructor(options: NodeListenerOptions) {
    this.#options = options;
    // A node without slots is about to leave the cluster: it is there, and soon hears nothing any more.
    options.cluster.on('-node', (node: Redis) => {
      if (isSame(node, this.#current)) void this.#replace();
    });
  }

  /** @throws what the last of the nodes was tried in vain with. */
  async connect(left: Redis | null = null): Promise<void> {
    let why: unknown = new Error('the Redis Cluster has no nodes');
    for (const node of inTurn(this.#options.cluster.nodes(), left)) {
      try {
        return await this.#listenTo(node);
      } catch (error) {
        why = error;
      }
    }
    throw why;
  }

  /** Between two nodes it is left to the next: all is said to that. */
  async subscribe(subject: string): Promise<void> {
    await this.#current?.subscribe(subject);
  }

  unsubscribe(subject: string): void {
    this.#current?.unsubscribe(subject).catch(() => {});
  }

  /** One that breaks is replaced; one that is silent is noticed by nobody else. */
  async ping(): Promise<void> {
    await this.#current?.ping().catch(() => {});
  }

  async end(): Promise<void> {
    this.#closing.abort();
    await this.#current?.quit();
  }

  disconnect(): void {
    this.#closing.abort();
    this.#newest?.disconnect();
    this.#newest?.stream?.destroy();
  }

  async #listenTo(node: Redis): Promise<void> {
    this.#closing.signal.throwIfAborted();
    const { clientOf, ends } = this.#options;
    const redis = clientOf(node);
    this.#newest = redis;
    redis.on('messageBuffer', (subject: Buffer, bytes: Buffer) => ends.onMessage(subject.toString('latin1'), bytes));
    await redis.connect();
    this.#current = redis;
    redis.once('end', () => {
      if (this.#current === redis) void this.#replace();
    });
  }

  /** Not at once: a node may take connections and end each. */
  async #replace(): Promise<void> {
    const { ends } = this.#options;
    const { signal } = this.#closing;
    const left = this.#current;
    this.#current = null;
    left?.disconnect();
    try {
      await sleep(backoffMs(0, Math.random), undefined, { signal });
      await this.connect(left);
      await ends.subscribeAll(this);
      ends.onReconnect();
    } catch (error) {
      if (!signal.aborted) ends.onDown(`no node of the Redis Cluster can be listened to: ${(error as Error).message}`);
    }
  }
}

/** From any on, so that processes spread over them; the one that was left comes last. */
function inTurn(nodes: readonly Redis[], left: Redis | null): Redis[] {
  const start = Math.floor(Math.random() * nodes.length);
  const turned = [...nodes.slice(start), ...nodes.slice(0, start)];
  return [...turned.filter((node) => !isSame(node, left)), ...turned.filter((node) => isSame(node, left))];
}

function isSame(node: Redis, other: Redis | null): boolean {
  return node.options.host === other?.options.host && node.options.port === other?.options.port;
}
