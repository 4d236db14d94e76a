import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { NetworkState } from '../wire.ts';

/** A cut longer than this would only look broken. */
const LONGEST_MS = 60_000;
const HOST = '127.0.0.1';

export interface NetworkOptions {
  /** Where the server listens. */
  target: { host: string; port: number };
  onChange?: (state: NetworkState) => void;
}

/**
 * A person's network as a TCP proxy on loopback, which can be cut and comes back. It knows nothing of HTTP: what
 * breaks here breaks as it does in the wild, in the middle of a byte.
 */
export class Network {
  readonly #options: NetworkOptions;
  readonly #doors: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #cutUntil: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  get state(): NetworkState {
    return { cutUntil: this.#cutUntil };
  }

  /**
   * Opens one more way in; answers its URL. Each lane gets a way of its own, since a browser opens no more than six
   * connections to one host and port, over all its tabs.
   */
  async open(): Promise<string> {
    const door = createServer({ noDelay: true }, (near) => this.#join(near));
    this.#doors.push(door);
    await new Promise<void>((resolve, reject) => door.once('error', reject).listen(0, HOST, resolve));
    return `http://${HOST}:${(door.address() as AddressInfo).port}`;
  }

  /** Every connection breaks, and new ones are dropped, for `ms`. Cutting again starts the time anew. */
  cut(ms: number): void {
    const length = Math.min(Math.max(ms, 0), LONGEST_MS);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.restore(), length);
    this.#set(Date.now() + length);
    this.#breakAll();
  }

  restore(): void {
    clearTimeout(this.#timer);
    if (this.#cutUntil !== null) this.#set(null);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    const closed = this.#doors.map((door) => new Promise<void>((resolve) => door.close(() => resolve())));
    this.#breakAll();
    await Promise.all(closed);
  }

  #set(until: number | null): void {
    this.#cutUntil = until;
    this.#options.onChange?.(this.state);
  }

  #join(near: Socket): void {
    if (this.#cutUntil !== null) {
      near.on('error', () => {});
      near.resetAndDestroy();
      return;
    }
    const far = connect({ ...this.#options.target, noDelay: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }

  #breakAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}
