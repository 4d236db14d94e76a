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

/** The first request starts the thread's work and carries nothing. */
export interface Request {
  id: number;
  payload: unknown;
}

export interface Reply {
  id: number;
  outcome: Outcome;
}

export interface Handler {
  /** The answer to the first request. */
  ready: unknown;
  handle(payload: unknown): Promise<unknown>;
  close(): void;
}

/** Runs inside a thread: answers one request after the other until `close` comes. */
export function serveThread(start: (data: ThreadData) => Promise<Handler>): void {
  if (isMainThread || parentPort === null) throw new Error('This file is started as a thread of the SQLite store.');
  const port = parentPort;
  let handler: Handler | undefined;
  const answer = async (payload: unknown): Promise<unknown> => {
    if (handler) return handler.handle(payload);
    handler = await start(workerData as ThreadData);
    return handler.ready;
  };
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', (request: Request | 'close') => {
    last = last.then(async () => {
      if (request !== 'close') {
        port.postMessage({ id: request.id, outcome: await outcomeOf(answer(request.payload)) } satisfies Reply);
        return;
      }
      port.close();
      handler?.close();
    });
  });
}

async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: await work };
  } catch (error) {
    return { failed: toFailure(error) };
  }
}
