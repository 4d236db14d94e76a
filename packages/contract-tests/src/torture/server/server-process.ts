import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Command, Memory, Report, ServerOrder } from './order.ts';

const CHILD = new URL('./child.ts', import.meta.url);
const ARGUMENTS = ['--conditions=belfry-src', '--disable-warning=ExperimentalWarning', '--expose-gc'];

/** A Belfry in a process of its own: always the same folder, and after the first start the same port. */
export class ServerProcess {
  readonly #order: ServerOrder;
  #child: ChildProcess | null = null;
  /** Has loaded its code and waits for its order. */
  #spare: ChildProcess | null = null;

  constructor(order: Omit<ServerOrder, 'port'>) {
    this.#order = { ...order, port: 0 };
  }

  get url(): string {
    return `http://127.0.0.1:${this.#order.port}`;
  }

  /** Loads the code for the next start ahead of it, so that the server is away for milliseconds. */
  prepare(): void {
    this.#spare ??= fork(CHILD, { execArgv: ARGUMENTS, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Resolves once it takes requests. */
  async start(): Promise<void> {
    this.prepare();
    const child = this.#spare as ChildProcess;
    this.#spare = null;
    this.#child = child;
    child.send(this.#order);
    const [report] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [Report | number | null];
    if (typeof report === 'object' && report?.type === 'ready') this.#order.port = report.port;
    else throw new Error(`The server did not start: ${JSON.stringify(report)}`);
  }

  /** SIGKILL, from outside. Resolves when it is dead. */
  async kill(): Promise<void> {
    this.#running().kill('SIGKILL');
    await this.ended();
  }

  /** Ends whatever runs. */
  async dispose(): Promise<void> {
    if (this.#child !== null) await this.kill();
    if (this.#spare === null) return;
    this.#spare.kill('SIGKILL');
    await once(this.#spare, 'exit');
    this.#spare = null;
  }

  crashAfter(afterCommits: number): void {
    this.#tell({ type: 'crash', afterCommits });
  }

  async memory(): Promise<Memory> {
    this.#tell({ type: 'memory' });
    const [report] = (await once(this.#running(), 'message')) as [Extract<Report, { type: 'memory' }>];
    return report.memory;
  }

  /** The orderly way: streams sent away, files closed. */
  async stop(): Promise<void> {
    this.#tell({ type: 'stop' });
    await this.ended();
  }

  /** However it ends. */
  async ended(): Promise<void> {
    const child = this.#running();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    this.#child = null;
  }

  #tell(command: Command): void {
    this.#running().send(command);
  }

  #running(): ChildProcess {
    if (this.#child === null) throw new Error('The server is not running.');
    return this.#child;
  }
}
