import { syncBuiltinESMExports } from 'node:module';
import workerThreads, { Worker } from 'node:worker_threads';
import { caller } from './caller.ts';

/** Watches every worker thread started from here on: Node does not list them among a process's open resources. */
export function watchWorkers() {
  const running = new Map<Worker, string>();
  class WatchedWorker extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      running.set(this, caller());
      this.once('exit', () => running.delete(this));
    }
  }
  Object.assign(workerThreads, { Worker: WatchedWorker });
  syncBuiltinESMExports();
  return {
    /** One line for each worker that has not ended, with the place that started it. */
    running: (): string[] => [...running.values()].map((startedBy) => `Worker ${startedBy}`),
  };
}
