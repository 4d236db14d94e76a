import type { ServiceClient } from '../peers/peer.ts';
import { Histogram } from './histogram.ts';
import type { Publishing } from './publishers.ts';

/** Publishes one message to somebody, and tells when it was answered and received. */
export type Call = (client: ServiceClient, now: number, received: () => void) => Promise<unknown>;

/** Publishes through a peer's own library: so many calls at a time, each until its message has been received too. */
export class ClientPublishers implements Publishing {
  answered = 0;
  readonly late = 0;
  answerTimes = new Histogram();
  readonly failed: Promise<never>;
  readonly #connect: () => Promise<ServiceClient>;
  readonly #call: Call;
  readonly #lanes: Promise<void>[] = [];
  #client: ServiceClient | null = null;
  #inFlight = 0;
  #running = false;
  #fail: (error: Error) => void = () => {};

  constructor(connect: () => Promise<ServiceClient>, call: Call) {
    this.#connect = connect;
    this.#call = call;
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async open(inFlight: number): Promise<void> {
    this.#client = await this.#connect();
    this.#inFlight = inFlight;
  }

  start(): void {
    this.#running = true;
    for (let count = 0; count < this.#inFlight; count += 1) this.#lanes.push(this.#lane().catch(this.#fail));
  }

  async stop(patienceMs: number): Promise<void> {
    this.#running = false;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([Promise.all(this.#lanes), patience, this.failed]).finally(() => clearTimeout(timer));
  }

  close(): void {
    this.#running = false;
    void this.#client?.close();
  }

  async #lane(): Promise<void> {
    while (this.#running) {
      const begun = performance.now();
      let received = () => {};
      const receipt = new Promise<void>((resolve) => {
        received = resolve;
      });
      await this.#call(this.#client as ServiceClient, begun, received);
      this.answered += 1;
      this.answerTimes.record((performance.now() - begun) * 1_000);
      await receipt;
    }
  }
}
