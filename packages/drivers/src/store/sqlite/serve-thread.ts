import { flushCompileCache } from 'node:module';
import { isMainThread, parentPort } from 'node:worker_threads';
import { giveBackMemory } from '@belfry/core';
import { type Outcome, toFailure } from './failures.ts';

/** What a thread is told of the database it is to open. */
export interface ThreadData {
  /** The database. */
  file: string;
  lockFile: string;
  /** Named in messages. */
  folder: string;
  /** One number, added to the machine's clock. */
  skew: Float64Array;
}

/** A thread has one database at a time: it opens it, works on it, and closes it. */
export type Order = { open: ThreadData } | { work: unknown } | 'close';

export interface Request {
  id: number;
  order: Order;
}

export interface Reply {
  id: number;
  outcome: Outcome;
}

export interface Handler {
  /** The answer to `open`. */
  ready: unknown;
  handle(payload: unknown): Promise<unknown>;
  close(): void;
}

/** After its database is open, when what loading has compiled is kept, where it is, and what it left behind is given back. */
const SETTLED_MS = 1_000;

/** Runs inside a thread: answers one request after the other. */
export function serveThread(open: (data: ThreadData) => Promise<Handler>): void {
  if (isMainThread || parentPort === null) throw new Error('This file is started as a thread of the SQLite store.');
  const port = parentPort;
  let handler: Handler | undefined;
  let settled: NodeJS.Timeout | undefined;
  const obey = async (order: Order): Promise<unknown> => {
    if (order === 'close') {
      clearTimeout(settled);
      handler?.close();
      handler = undefined;
      return undefined;
    }
    if ('work' in order) return handler?.handle(order.work);
    handler = await open(order.open);
    settled = setTimeout(settle, SETTLED_MS).unref();
    return handler.ready;
  };
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', ({ id, order }: Request) => {
    last = last.then(async () => port.postMessage({ id, outcome: await outcomeOf(obey(order)) } satisfies Reply));
  });
}

function settle(): void {
  flushCompileCache();
  giveBackMemory();
}

async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: await work };
  } catch (error) {
    return { failed: toFailure(error) };
  }
}
