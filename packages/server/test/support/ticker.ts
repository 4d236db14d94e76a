import { setTimeout as sleep } from 'node:timers/promises';
import { API_KEY } from './start.ts';

/** Publishes 1, 2, 3 … to one person, each until it is answered, through restarts of the server. */
export class Ticker {
  /** How many have been answered. */
  count = 0;
  readonly #url: string;
  readonly #to: string;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(url: string, to: string) {
    this.#url = url;
    this.#to = to;
  }

  start(everyMs: number): void {
    this.#running = this.#run(everyMs);
  }

  async stop(): Promise<number> {
    this.#stopped = true;
    await this.#running;
    return this.count;
  }

  async #run(everyMs: number): Promise<void> {
    while (!this.#stopped) {
      if (await this.#publish(this.count + 1)) this.count += 1;
      await sleep(everyMs);
    }
  }

  async #publish(n: number): Promise<boolean> {
    const headers = { authorization: `Bearer ${API_KEY}`, 'idempotency-key': `${this.#to} ${n}` };
    const body = JSON.stringify({ to: this.#to, type: 'app.tick', data: n });
    try {
      return (await fetch(`${this.#url}/v1/events`, { method: 'POST', headers, body })).ok;
    } catch {
      return false;
    }
  }
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
