import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { SourceBundle } from '../../../../scripts/build/source-bundle.ts';

/** Of this checkout's source, in one piece as it is built for users. */
export const { command } = await SourceBundle.ofNow();
export const API_KEY = 'bk_test_key_of_more_than_24_characters';
export const JWT_SECRET = 'a secret for tests, of more than 32 bytes';

export interface RunOptions {
  cwd: string;
  env?: Record<string, string>;
  /** As from a terminal: a signal to `-pid` reaches what it has started, too. */
  ownGroup?: boolean;
  /** Instead of that of this checkout. */
  command?: string;
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A `belfry` process, of this checkout's source, in one piece as it is built for users. Its environment holds no settings but those given. */
export class BelfryProcess {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #closed: Promise<unknown>;
  #wake: (() => void)[] = [];

  constructor(args: string[], { cwd, env = {}, ownGroup = false, command: main = command }: RunOptions) {
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(process.execPath, ['--conditions=belfry-src', main, ...args], {
      cwd,
      env: { PATH, HOME, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: ownGroup,
    });
    this.#closed = once(this.child, 'close').then(() => this.#notify());
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#notify();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#notify();
    });
  }

  get over(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Waits until something has been said, on stdout or stderr. */
  async said(what: string | RegExp): Promise<string> {
    const has = () => {
      const text = this.stdout + this.stderr;
      return typeof what === 'string' ? text.includes(what) : what.test(text);
    };
    while (!has()) {
      if (this.over) throw new Error(`It ended without ${what}: ${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    return this.stdout;
  }

  async ended(): Promise<Ended> {
    await this.#closed;
    return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal);
    return this.ended();
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

export function belfry(args: string[], options: RunOptions): Promise<Ended> {
  return new BelfryProcess(args, options).ended();
}

/** `belfry serve`, ready, on a port that was free. */
export async function serve(
  cwd: string,
  env: Record<string, string> = {},
  args: string[] = [],
  options: Pick<RunOptions, 'ownGroup' | 'command'> = {},
): Promise<BelfryProcess & { url: string }> {
  const settings = { BELFRY_PORT: '0', BELFRY_API_KEY: API_KEY, BELFRY_JWT_SECRET: JWT_SECRET, BELFRY_DRAIN_MS: '0' };
  const server = new BelfryProcess(['serve', ...args], { cwd, env: { ...settings, ...env }, ...options });
  const log = await server.said('Belfry is ready');
  const url = /"url":"([^"]+)"/.exec(log)?.[1] as string;
  return Object.assign(server, { url });
}
