import { Worker } from 'node:worker_threads';
import { fromFailure, unavailable } from './failures.ts';
import type { Reply, Request, ThreadData } from './serve-thread.ts';

/** Requests that may wait for their answer, so that a thread that falls behind can't fill the memory. */
const MAX_WAITING = 10_000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The main thread's end of a thread: requests go in, each answer settles its promise. It loads its code at once. */
export class Thread {
  readonly #name: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  #dead: Error | null = null;

  constructor(name: 'writer' | 'reader', workerData: ThreadData) {
    this.#name = name;
    this.#worker = new Worker(threadFile(name), { name: `belfry-${name}`, workerData, execArgv: threadArguments() });
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('messageerror', (error) => this.#die(error));
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#die();
        resolve();
      });
    });
  }

  /** Has it open the database; what it says when it has. */
  start(): Promise<unknown> {
    return this.request(null);
  }

  /** The payload is plain data. @throws BelfryError `unavailable` where too much waits already. */
  async request(payload: unknown): Promise<unknown> {
    if (this.#dead) throw this.#dead;
    if (this.#waiting.size >= MAX_WAITING) throw this.#behind();
    const id = ++this.#lastId;
    this.#worker.postMessage({ id, payload } satisfies Request);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** After the answers to all that was asked. */
  async close(): Promise<void> {
    if (!this.#dead) this.#worker.postMessage('close');
    await this.#exited;
  }

  #behind(): Error {
    return unavailable(`The database's ${this.#name} is behind with its work. Try again in a moment.`);
  }

  #settle({ id, outcome }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if ('ok' in outcome) waiting?.resolve(outcome.ok);
    else waiting?.reject(fromFailure(outcome.failed));
  }

  #die(cause?: unknown): void {
    this.#dead ??= unavailable(`The database's ${this.#name} thread has ended. Restart Belfry.`, cause);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#dead);
    this.#waiting.clear();
  }
}

/** `.ts` where the source is run as it is, `.js` where it was built. */
function threadFile(name: string): URL {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}-thread.${ending}`, import.meta.url);
}

/** node:sqlite and type stripping warn on some Node versions, which would only worry people. */
function threadArguments(): string[] {
  return ['--disable-warning=ExperimentalWarning', ...conditions(process.execArgv)];
}

/** A thread given arguments of its own does not inherit these, and without them finds no source of other packages. */
function conditions(flags: readonly string[]): string[] {
  return flags.flatMap((flag, index) => {
    if (flag.startsWith('--conditions=') || flag.startsWith('-C=')) return [flag];
    const next = flags[index + 1];
    return (flag === '--conditions' || flag === '-C') && next !== undefined ? [`--conditions=${next}`] : [];
  });
}
