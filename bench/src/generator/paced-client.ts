import type { ServiceClient } from '../peers/peer.ts';
import type { Ground } from '../scenarios/scenario.ts';
import type { Ledger } from './ledger.ts';
import { endsOf } from './load.ts';
import { Pace } from './pace.ts';
import { numbered } from './sequence.ts';

/** The ledger has room for twice as many. What is due beyond it while the server is away is left out. */
const UNDER_WAY = 512;

/** Publishes by the clock through a peer's own library, which tries again while its server is away. */
export class PacedClient {
  readonly #client: ServiceClient;
  readonly #ledger: Ledger;
  readonly #next: () => number;
  readonly #calls = new Set<Promise<void>>();
  #pace: Pace | null = null;
  #open = 0;
  #fail: (error: Error) => void = () => {};
  /** Rejects at the first message that the library gives up. */
  readonly failed: Promise<never>;

  static async open({ wire, ...ground }: Ground, ledger: Ledger, next: () => number): Promise<PacedClient> {
    if (wire.client === undefined) throw new Error('This peer has no library for services.');
    return new PacedClient(await wire.client(endsOf({ ...ground, wire })[0]), ledger, next);
  }

  private constructor(client: ServiceClient, ledger: Ledger, next: () => number) {
    this.#client = client;
    this.#ledger = ledger;
    this.#next = next;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  start(perSecond: number): void {
    this.#pace = new Pace(perSecond);
    this.#pace.start((now) => this.#publish(now));
  }

  /** Resolves when all that was begun has been answered, or after `patienceMs`. */
  async stop(patienceMs: number): Promise<void> {
    this.#pace?.stop();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([Promise.all(this.#calls), patience]).finally(() => clearTimeout(timer));
  }

  async close(): Promise<void> {
    this.#pace?.stop();
    await this.#client.close();
  }

  #publish(now: number): void {
    if (this.#open >= UNDER_WAY) return;
    this.#open += 1;
    const to = this.#next();
    const sequence = this.#ledger.open(to, now, () => {
      this.#open -= 1;
    });
    const call = this.#client
      .publish({ to, title: numbered(sequence, 'Ada commented on your story') })
      .then(() => {}, this.#fail)
      .finally(() => this.#calls.delete(call));
    this.#calls.add(call);
  }
}
