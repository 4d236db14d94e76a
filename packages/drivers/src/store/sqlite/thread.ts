import type { Worker } from 'node:worker_threads';
import { fromFailure, unavailable } from './failures.ts';
import type { Order, Reply, Request, ThreadData } from './serve-thread.ts';
import { Slots } from './slots.ts';
import { keepWorker, type ThreadName, takeWorker } from './workers.ts';

/** Requests that may wait for their answer, so that a thread that falls behind can't fill the memory. */
const MAX_WAITING = 10_000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The main thread's end of a thread: requests go in, each answer settles its promise. It loads its code at once. */
export class Thread {
  readonly #name: ThreadName;
  readonly #worker: Worker;
  readonly #waiting = new Slots<Waiting>();
  #isOpen = false;
  #dead: Error | null = null;

  constructor(name: ThreadName) {
    this.#name = name;
    this.#worker = takeWorker(name);
    this.#worker.on('message', this.#settle);
    this.#worker.on('error', this.#die);
    this.#worker.on('messageerror', this.#die);
    this.#worker.once('exit', this.#ended);
  }

  /** Has it open the database; what it says when it has. */
  async open(data: ThreadData): Promise<unknown> {
    const ready = await this.#order({ open: data });
    this.#isOpen = true;
    return ready;
  }

  /** The payload is plain data. @throws BelfryError `unavailable` where too much waits already. */
  async request(payload: unknown): Promise<unknown> {
    if (this.#waiting.size >= MAX_WAITING) throw this.#behind();
    return this.#order({ work: payload });
  }

  /** After the answers to all that was asked. What could not open its database may hold part of it: that one ends. */
  async close(): Promise<void> {
    if (
      this.#isOpen &&
      (await this.#order('close').then(
        () => true,
        () => false,
      ))
    ) {
      this.#letGo();
      keepWorker(this.#name, this.#worker);
    } else await this.#worker.terminate();
  }

  async #order(order: Order): Promise<unknown> {
    if (this.#dead) throw this.#dead;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = this.#waiting.put({ resolve, reject });
    try {
      this.#worker.postMessage({ id, order } satisfies Request);
    } catch (error) {
      this.#waiting.take(id);
      throw error;
    }
    return promise;
  }

  #letGo(): void {
    this.#worker.off('message', this.#settle);
    this.#worker.off('error', this.#die);
    this.#worker.off('messageerror', this.#die);
    this.#worker.off('exit', this.#ended);
  }

  #behind(): Error {
    return unavailable(`The database's ${this.#name} is behind with its work. Try again in a moment.`);
  }

  readonly #settle = ({ id, outcome }: Reply): void => {
    const waiting = this.#waiting.take(id);
    if ('ok' in outcome) waiting?.resolve(outcome.ok);
    else waiting?.reject(fromFailure(outcome.failed));
  };

  readonly #ended = (): void => this.#die();

  readonly #die = (cause?: unknown): void => {
    this.#dead ??= unavailable(`The database's ${this.#name} thread has ended. Restart Belfry.`, cause);
    for (const waiting of this.#waiting.takeAll()) waiting.reject(this.#dead);
  };
}
