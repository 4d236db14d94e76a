import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '@belfry/server';
import { readiness, tellStop } from './link.ts';

/** A worker that lasted this long was well, and the pauses begin anew. */
const WELL_MS = 30_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Runs `belfry serve` in several processes behind one port, and starts another for each that ends. The sockets are dealt
 * out in turn: streams last, so chance (`reusePort`) would leave one worker with more of them for as long as they do.
 */
export class WorkerSupervisor {
  readonly #log: Log;
  /** Until one has served, a worker that ends is a start that failed, and nothing to repeat. */
  #phase: 'starting' | 'serving' | 'stopping' = 'starting';
  readonly #serving = new Set<Worker>();
  #shortLives = 0;

  constructor(log: Log) {
    this.#log = log;
    cluster.schedulingPolicy = cluster.SCHED_RR;
    // Not by way of bin/: a worker that comes back must not be built anew first.
    cluster.setupPrimary({ exec: fileURLToPath(new URL(`../main${extname(import.meta.url)}`, import.meta.url)) });
  }

  get isStopping(): boolean {
    return this.#phase === 'stopping';
  }

  /**
   * The first alone: it brings the database up to date, and what keeps it from starting is said once and not by each.
   *
   * @returns the address. Null where the first could not start, and has said why, and where it was stopped meanwhile.
   */
  async start(count: number): Promise<string | null> {
    const url = await this.#fork();
    if (url === null || this.isStopping) return null;
    this.#phase = 'serving';
    await Promise.all(Array.from({ length: count - 1 }, () => this.#fork()));
    return this.isStopping ? null : url;
  }

  /** Each sends its streams away and ends. One that does not serve yet holds nothing, and would not hear of it. */
  async stop(): Promise<void> {
    this.#phase = 'stopping';
    await Promise.all(
      workers().map(async (worker) => {
        const ended = worker.isDead() ? null : once(worker, 'exit');
        if (this.#serving.has(worker)) tellStop(worker);
        else worker.process.kill('SIGKILL');
        await ended;
      }),
    );
  }

  /** Without another word, as `kill -9` would. */
  killAll(): void {
    for (const worker of workers()) worker.process.kill('SIGKILL');
  }

  async #fork(): Promise<string | null> {
    const worker = cluster.fork();
    const since = performance.now();
    worker.once('exit', (code: number, signal: string | null) => {
      this.#serving.delete(worker);
      if (this.#phase === 'serving') this.#replace(worker.id, { code, signal, livedMs: performance.now() - since });
    });
    const url = await readiness(worker);
    if (url !== null) this.#serving.add(worker);
    return url;
  }

  #replace(worker: number, { livedMs, ...end }: { code: number; signal: string | null; livedMs: number }): void {
    this.#shortLives = livedMs >= WELL_MS ? 0 : this.#shortLives + 1;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (this.#shortLives - 1), LONGEST_PAUSE_MS);
    this.#log.warn({ worker, ...end, pauseMs }, 'a worker ended; another takes its place');
    setTimeout(() => {
      if (this.#phase === 'serving') void this.#fork();
    }, pauseMs);
  }
}

function workers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}
