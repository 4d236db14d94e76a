import { type ChildProcess, fork } from 'node:child_process';
import { BelfryError } from '@belfry/protocol';
import type { ServerOrder, ServerReport } from '../server-order.ts';
import type { ServerState } from '../wire.ts';

const READY_WITHIN_MS = 20_000;
/** How long a server that is asked to stop may take. */
const STOP_WITHIN_MS = 1_500;

/** What runs the server: a module that calls `serveDemo`, and the words it is to be started with. */
export interface Entry {
  module: URL;
  args: readonly string[];
}

export interface ServerProcessOptions {
  entry: Entry;
  /** How long a dead server stays dead, so that its absence can be seen. 1,000 ms by default. */
  restartDelayMs?: number | undefined;
  onChange?: (state: ServerState) => void;
}

/** The real server as a child process, started again whenever it dies, on the same data. */
export class ServerProcess {
  readonly #options: ServerProcessOptions;
  #child: ChildProcess | null = null;
  #state: ServerState = { up: false, pid: null, restarts: 0 };
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;
  #order: ServerOrder | null = null;

  constructor(options: ServerProcessOptions) {
    this.#options = options;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Resolves when the server takes requests. @throws BelfryError with the server's own sentence where it can't start. */
  start(order: ServerOrder): Promise<void> {
    this.#order = order;
    return this.#run(order);
  }

  /** SIGKILL: no goodbye, no flush. False: it is dead already. */
  kill(): boolean {
    return this.#state.up && this.#child?.kill('SIGKILL') === true;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === null || hasEnded(child)) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // The server takes the end of the channel for the end of its supervisor, and stops.
    if (child.connected) child.disconnect();
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(impatience);
  }

  async #run(order: ServerOrder): Promise<void> {
    const child = fork(this.#options.entry.module, this.#options.entry.args, {
      // Two processes can't have one debugger's port.
      execArgv: process.execArgv.filter((argument) => !argument.startsWith('--inspect')),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child = child;
    child.on('error', () => {});
    child.once('exit', () => this.#died(child));
    child.send(order, () => {});
    await readiness(child);
    this.#set({ up: true, pid: child.pid ?? null });
  }

  #died(child: ChildProcess): void {
    if (child !== this.#child) return;
    const wasUp = this.#state.up;
    this.#set({ up: false, pid: null });
    // One that never came up told why; only the first start has somebody to tell.
    if (this.#stopping || (!wasUp && this.#state.restarts === 0)) return;
    this.#restart = setTimeout(() => this.#startAgain(), this.#options.restartDelayMs ?? 1_000);
  }

  #startAgain(): void {
    this.#set({ restarts: this.#state.restarts + 1 });
    // A failure ends in `exit`, and `exit` in the next try.
    if (this.#order !== null) this.#run(this.#order).catch(() => {});
  }

  #set(change: Partial<ServerState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onChange?.(this.#state);
  }
}

function readiness(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new BelfryError('unavailable', 'The server did not start in time.'));
      child.kill('SIGKILL');
    }, READY_WITHIN_MS);
    child.once('message', (report: ServerReport) => {
      if (report.type === 'ready') resolve();
      else reject(new BelfryError('unavailable', report.message));
    });
    child.once('exit', () => reject(new BelfryError('unavailable', 'The server ended before it was ready.')));
    for (const event of ['message', 'exit'] as const) child.once(event, () => clearTimeout(late));
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
