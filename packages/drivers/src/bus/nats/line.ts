import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Line, LineEnds } from '../message-bus.ts';
import { ended, within } from '../patience.ts';

/** How often it was tried in vain since the connection was last there: the delay between two goes by it. */
export interface Dials {
  failed: number;
}

/** What the library keeps to itself: its socket, which it never lets go of once nothing can be written to it. */
interface WithSocket {
  protocol?: { transport?: { socket?: { destroy(): void } } };
}

/** One connection. The library reconnects, to any server of the cluster, and subscribes again. */
export class NatsLine implements Line {
  readonly #connection: NatsConnection;
  readonly #ends: LineEnds;
  readonly #dials: Dials;
  readonly #probeMs: number;
  readonly #subscriptions = new Map<string, Subscription>();
  #isUp = true;
  #isClosing = false;
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> | null = null;

  constructor(connection: NatsConnection, ends: LineEnds, dials: Dials, probeMs: number) {
    this.#connection = connection;
    this.#ends = ends;
    this.#dials = dials;
    this.#probeMs = probeMs;
    void this.#follow();
    this.#watch();
  }

  get isUp(): boolean {
    return this.#isUp && !this.#connection.isClosed();
  }

  get maxBytes(): number {
    return this.#connection.info?.max_payload ?? 1_048_576;
  }

  send(subject: string, bytes: Buffer): Promise<void> {
    this.#connection.publish(subject, bytes);
    return this.#flushed();
  }

  subscribe(subject: string): Promise<void> {
    const callback = (error: Error | null, message: { data: Uint8Array }) => {
      if (error === null) this.#ends.onMessage(subject, message.data);
    };
    this.#subscriptions.set(subject, this.#connection.subscribe(subject, { callback }));
    return this.#flushed();
  }

  unsubscribe(subject: string): void {
    this.#subscriptions.get(subject)?.unsubscribe();
    this.#subscriptions.delete(subject);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.isUp) await ended(this.#connection.flush());
    await ended(this.#connection.close());
    this.#cut();
  }

  /** NATS confirms nothing but a ping: one for all that a turn sends. */
  #flushed(): Promise<void> {
    this.#flushing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#flushing = null;
      return this.#connection.flush();
    });
    return this.#flushing;
  }

  async #follow(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type === 'disconnect') this.#down('the connection to NATS was lost');
      else if (status.type === 'reconnecting') this.#dials.failed += 1;
      else if (status.type === 'reconnect') void this.#up().catch(() => {});
    }
  }

  #down(reason: string): void {
    this.#isUp = false;
    if (!this.#isClosing) this.#ends.outage.lost(reason);
  }

  /** What was followed while it was away has not been asked for yet. Back is who is heard: the server has it all. */
  async #up(): Promise<void> {
    this.#isUp = true;
    this.#dials.failed = 0;
    for (const subject of this.#ends.subjects()) {
      if (!this.#subscriptions.has(subject)) this.subscribe(subject).catch(() => {});
    }
    await this.#connection.flush();
    this.#ends.outage.back();
    this.#ends.onReconnect();
  }

  #watch(): void {
    this.#timer = setTimeout(() => void this.#probe(), this.#probeMs);
  }

  async #probe(): Promise<void> {
    if (this.isUp) {
      await within(this.#probeMs, this.#connection.flush()).catch((error: Error) => {
        if (!this.#isUp || this.#isClosing) return;
        this.#down(error.message);
        this.#cut();
      });
    }
    if (!this.#isClosing) this.#watch();
  }

  #cut(): void {
    (this.#connection as NatsConnection & WithSocket).protocol?.transport?.socket?.destroy();
  }
}
