import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from '../peers/peer.ts';
import type { Answer } from './answer-reader.ts';
import { Histogram } from './histogram.ts';
import { Lane } from './lane.ts';

/** A connection on which one thing is asked after the other. */
export class Line {
  readonly #lane: Lane;
  #settle: (outcome: Answer | Error) => void = () => {};

  constructor(address: Address) {
    this.#lane = new Lane(
      address,
      (_, answer) => this.#settle(answer),
      (error) => this.#settle(error),
    );
  }

  /** @throws Error where the answer is no success. */
  async ask(request: string): Promise<Answer> {
    this.#lane.renewIfOld(performance.now());
    const outcome = await new Promise<Answer | Error>((resolve) => {
      this.#settle = resolve;
      this.#lane.send(request);
    });
    if (outcome instanceof Error) throw outcome;
    if (outcome.status >= 300) throw new Error(`A request was refused: ${outcome.beginning}`);
    return outcome;
  }

  close(): void {
    this.#lane.close();
  }
}

/** Asks all of it, on some connections side by side. */
export async function askAll(address: Address, connections: number, requests: Iterable<string>): Promise<void> {
  const rest = requests[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const line = new Line(address);
      try {
        for (let next = rest.next(); !next.done; next = rest.next()) await line.ask(next.value);
      } finally {
        line.close();
      }
    }),
  );
}

/** Asks again and again, with a pause between, until it is told to stop; in microseconds, how long each took. */
export class Regular {
  readonly times = new Histogram();
  readonly #asking: Promise<void>;
  #stopped = false;

  constructor(address: Address, everyMs: number, compose: () => string) {
    this.#asking = this.#ask(new Line(address), everyMs, compose);
    this.#asking.catch(() => {});
  }

  /** @throws Error where something was refused. */
  async stop(): Promise<Histogram> {
    this.#stopped = true;
    await this.#asking;
    return this.times;
  }

  async #ask(line: Line, everyMs: number, compose: () => string): Promise<void> {
    try {
      while (!this.#stopped) {
        const sentAt = performance.now();
        await line.ask(compose());
        this.times.record((performance.now() - sentAt) * 1_000);
        await sleep(everyMs);
      }
    } finally {
      line.close();
    }
  }
}
