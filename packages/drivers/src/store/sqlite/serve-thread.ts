import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type Outcome, toFailure } from './failures.ts';

/** What a thread is started with. */
export interface ThreadData {
  /** The database. */
  file: string;
  lockFile: string;
  /** Named in messages. */
  folder: string;
  /** One number, added to the machine's clock. */
  skew: Float64Array;
}

export interface Request {
  id: number;
  payload: unknown;
}

/** Id 0 is the answer to the start itself. */
export interface Reply {
  id: number;
  outcome: Outcome;
}

export interface Handler {
  /** Told to the main thread once it is ready. */
  ready: unknown;
  handle(payload: unknown): Promise<unknown>;
  close(): void;
}

/** Runs inside a thread: answers one request after the other until `close` comes. */
export function serveThread(start: (data: ThreadData) => Handler): void {
  if (isMainThread || parentPort === null) throw new Error('This file is started as a thread of the SQLite store.');
  const port = parentPort;
  const reply = (id: number, outcome: Outcome) => port.postMessage({ id, outcome } satisfies Reply);
  try {
    const handler = start(workerData as ThreadData);
    let last: Promise<unknown> = Promise.resolve();
    port.on('message', (request: Request | 'close') => {
      last = last.then(async () => {
        if (request !== 'close') return reply(request.id, await outcomeOf(handler.handle(request.payload)));
        port.close();
        handler.close();
      });
    });
    reply(0, { ok: handler.ready });
  } catch (error) {
    reply(0, { failed: toFailure(error) });
  }
}

export async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: await work };
  } catch (error) {
    return { failed: toFailure(error) };
  }
}
