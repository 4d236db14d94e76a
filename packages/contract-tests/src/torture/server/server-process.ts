import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { pause } from '../pause.ts';
import type { Command, Memory, Report, ServerOrder } from './order.ts';

const CHILD = new URL('./child.ts', import.meta.url);
const AGAIN_MS = 200;
const ARGUMENTS = ['--conditions=belfry-src', '--disable-warning=ExperimentalWarning', '--expose-gc'];

/** A Belfry in a process of its own: always the same database, and after the first start the same port. */
export class ServerProcess {
  readonly #order: ServerOrder;
  #child: ChildProcess | null = null;
  /** Has loaded its code and waits for its order. */
  #spare: ChildProcess | null = null;
  /** Someone has asked for its end. */
  #mayEnd = true;
  /** How often it ended without being asked, and how. */
  readonly deaths: string[] = [];

  constructor(order: Omit<ServerOrder, 'port'>) {
    this.#order = { ...order, port: 0 };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** 0 before the first start. */
  get port(): number {
    return this.#order.port;
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
    if (typeof report !== 'object' || report?.type !== 'ready')
      throw new Error(`The server did not start: ${JSON.stringify(report)}`);
    this.#order.port = report.port;
    this.#mayEnd = false;
    child.once('exit', (code, signal) => {
      if (!this.#mayEnd) this.deaths.push(`ended by itself: ${code ?? signal}`);
    });
  }

  /** As whoever watches over processes does: starts it again and again until it takes requests. */
  async startInTheEnd(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      try {
        return await this.start();
      } catch (error) {
        await this.kill();
        if (performance.now() > deadline) throw error;
        await pause(AGAIN_MS);
      }
    }
  }

  get isRunning(): boolean {
    const child = this.#child;
    return child !== null && child.exitCode === null && child.signalCode === null;
  }

  /** SIGKILL, from outside. Resolves when it is dead. */
  async kill(): Promise<void> {
    this.#mayEnd = true;
    this.#running().kill('SIGKILL');
    await this.ended();
  }

  /** Stops the world for it: connections stay open and nothing answers, until `resume`. */
  pause(): void {
    this.#running().kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
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
    this.#mayEnd = true;
    this.#tell({ type: 'crash', afterCommits });
  }

  /** Makes its clocks wrong by so many milliseconds. */
  turnClocks(clocks: { process: number; database: number }): void {
    this.#tell({ type: 'clock', ...clocks });
  }

  async memory(): Promise<Memory> {
    this.#tell({ type: 'memory' });
    const [report] = (await once(this.#running(), 'message')) as [Extract<Report, { type: 'memory' }>];
    return report.memory;
  }

  /** The orderly way: streams sent away, files closed. */
  async stop(): Promise<void> {
    this.#mayEnd = true;
    this.#tell({ type: 'stop' });
    await this.ended();
  }

  /** SIGTERM, as everyone ends a server. False where it took longer and was killed, or ended badly. */
  async stopWithin(ms: number): Promise<boolean> {
    const child = this.#running();
    this.#mayEnd = true;
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), ms);
    await this.ended();
    clearTimeout(late);
    return child.exitCode === 0;
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
