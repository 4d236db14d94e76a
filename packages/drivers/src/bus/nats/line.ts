import { errors, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { Line, LineEnds } from '../message-bus.ts';
import { ended, within } from '../patience.ts';

/** How often it was tried in vain since the connection was last there: the delay between two goes by it. */
export interface Dials {
  failed: number;
}

/** Together below the 2 s that a bus may take to close. */
const FLUSH_MS = 1_000;
const CLOSE_MS = 500;

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
  /** Why the probe was refused. */
  #forbidden: string | null = null;
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

  /** Gives why the server does not let the bus publish and subscribe; null where it does. */
  async refusal(): Promise<string | null> {
    const { probe } = this.#ends;
    this.#connection.publish(probe);
    await this.subscribe(probe);
    // What was refused is told of after that, in the same turn.
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.unsubscribe(probe);
    return this.#forbidden;
  }

  send(subject: string, bytes: Buffer): Promise<void> {
    this.#connection.publish(subject, bytes);
    return this.#flushed();
  }

  subscribe(subject: string): Promise<void> {
    const callback = (error: Error | null, message: { data: Uint8Array }) => {
      if (error === null) this.#ends.onMessage(subject, message.data);
      else this.#refused(subject, error.message);
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
    if (this.isUp) await ended(this.#connection.flush(), FLUSH_MS);
    await ended(this.#connection.close(), CLOSE_MS);
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
      else if (status.type === 'error') this.#violated(status.error);
    }
  }

  /** The library has ended the subscription. */
  #refused(subject: string, reason: string): void {
    this.#subscriptions.delete(subject);
    if (subject === this.#ends.probe) this.#forbidden ??= reason;
    else this.#ends.onRefused(subject, `NATS refuses a subscription: ${reason}`);
  }

  /** Subscriptions are told of by their callbacks. What may not be sent is told of by subject, some time after. */
  #violated(error: Error): void {
    if (!(error instanceof errors.PermissionViolationError) || error.operation !== 'publish') return;
    if (error.subject === this.#ends.probe) this.#forbidden ??= error.message;
    else this.#ends.outage.lost(`NATS refuses a message: ${error.message}`, 'sending');
    this.#ends.outage.counters.failed += 1;
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
    // Rights change with a new connection.
    this.#ends.outage.back('sending');
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
