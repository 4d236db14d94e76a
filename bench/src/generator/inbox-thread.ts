import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Figures } from '../figures.ts';
import type { ServerAt } from '../scenarios/scenario.ts';
import type { InboxSettings } from './inbox-load.ts';

/** What an inbox thread is started with. */
export interface InboxJob {
  peer: string;
  first: ServerAt;
  last: ServerAt;
  settings: InboxSettings;
}

export type InboxWish = 'begin' | 'times' | 'stop';

/**
 * An InboxLoad in a thread of its own. Beside followers of a run, of whom each reads 60 kB for every batch of lines, its
 * frames would lie in their sockets for as long as those are read and checked, and that would be taken for the server's.
 */
export class InboxThread {
  readonly #worker: Worker;
  /** Rejects when a stream or a request of the inbox fails. */
  readonly failed: Promise<never>;

  static async start(job: InboxJob): Promise<InboxThread> {
    const thread = new InboxThread(new Worker(new URL('inbox-worker.ts', import.meta.url), { workerData: job }));
    await once(thread.#worker, 'message');
    return thread;
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.failed = new Promise((_, reject) => worker.once('error', reject));
    this.failed.catch(() => {});
  }

  begin(): Promise<Figures> {
    return this.#ask('begin');
  }

  times(): Promise<Figures> {
    return this.#ask('times');
  }

  stop(): Promise<Figures> {
    return this.#ask('stop');
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(wish: InboxWish): Promise<Figures> {
    this.#worker.postMessage(wish);
    const [figures] = await once(this.#worker, 'message');
    return figures as Figures;
  }
}
