import type { Address } from '../peers/peer.ts';
import { Histogram } from './histogram.ts';
import { Lane } from './lane.ts';

/** Asks one request after the other, as one person does. */
export class Asker {
  readonly #lane: Lane;
  #settle: ((times: { error?: Error; now: number }) => void) | null = null;

  private constructor(address: Address) {
    this.#lane = new Lane(
      address,
      (_, { status, beginning }, now) => {
        const error = status < 300 ? {} : { error: new Error(`A request was refused: ${beginning}`) };
        this.#settle?.({ ...error, now });
      },
      (error) => this.#settle?.({ error, now: performance.now() }),
    );
  }

  static async open(address: Address): Promise<Asker> {
    const asker = new Asker(address);
    await asker.#lane.connected();
    return asker;
  }

  /** From before it was sent to its answer, of so many. */
  async times(request: string, count: number): Promise<Histogram> {
    const times = new Histogram();
    for (let asked = 0; asked < count; asked += 1) times.record((await this.ask(request)) * 1_000);
    return times;
  }

  /** For so many milliseconds. */
  async keepOn(request: string, forMs: number): Promise<void> {
    for (const begun = performance.now(); performance.now() - begun < forMs; ) await this.ask(request);
  }

  /** Milliseconds. @throws Error at an answer that is no success. */
  ask(request: string): Promise<number> {
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      this.#settle = ({ error, now }) => (error === undefined ? resolve(now - begun) : reject(error));
      this.#lane.renewIfOld(begun);
      this.#lane.send(request);
    });
  }

  close(): void {
    this.#lane.close();
  }
}
