import cluster, { type Worker } from 'node:cluster';
import { endAfter } from '../stop-signal.ts';

/** What a worker tells its supervisor. */
interface Ready {
  ready: { url: string };
}

/** What the supervisor tells a worker. Not by a signal: Ctrl-C reaches both, and a second signal means at once. */
const STOP = 'stop';

/** Which worker this process is, or null where it is none. */
export function workerId(): number | null {
  return cluster.worker?.id ?? null;
}

export function tellReady(url: string): void {
  process.send?.({ ready: { url } } satisfies Ready);
}

export function tellStop(worker: Worker): void {
  if (worker.isConnected()) worker.send(STOP);
}

/** Resolves with its address once it serves; null where it ended before. */
export function readiness(worker: Worker): Promise<string | null> {
  return new Promise((resolve) => {
    worker.on('message', (message: Partial<Ready>) => {
      if (message.ready !== undefined) resolve(message.ready.url);
    });
    worker.once('exit', () => resolve(null));
  });
}

/**
 * A worker leaves when it is told to, or by a SIGTERM of its own, whichever comes first. A SIGINT came by Ctrl-C to the
 * whole terminal, and is the supervisor's business.
 */
export function onStopOrder(stop: (signal: string) => Promise<void>): void {
  let stopping = false;
  const handle = (signal: string) => {
    if (!stopping) endAfter(stop, signal);
    stopping = true;
  };
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => handle('SIGTERM'));
  process.on('message', (message) => {
    if (message === STOP) handle(STOP);
  });
}
