import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

const LOOK_MS = 10;
const START_MS = 15_000;

/** A server program that a test has started, on one port for all its lives. */
export class Daemon {
  readonly port: number;
  readonly #command: () => ChildProcess;
  readonly #isReady: (port: number) => Promise<boolean>;
  #child: ChildProcess | null = null;
  #said = '';

  /** `command` starts the program without waiting for it. */
  constructor(port: number, command: () => ChildProcess, isReady = accepts) {
    this.port = port;
    this.#command = command;
    this.#isReady = isReady;
    // A test process that is ended in the middle takes its services along.
    process.once('exit', this.#killNow);
  }

  /** Resolves once it is ready. One that does not come up is gone when this rejects. */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.stop('SIGKILL');
      throw error;
    }
  }

  async #start(): Promise<void> {
    const child = this.#command();
    this.#child = child;
    const listen = (chunk: Buffer) => {
      this.#said = (this.#said + chunk).slice(-2_000);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    const deadline = performance.now() + START_MS;
    while (!(await this.#isReady(this.port))) {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      if (hasEnded || performance.now() > deadline) throw new Error(`No start: ${this.#said}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Resolves when it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async dispose(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    process.off('exit', this.#killNow);
    await this.stop(signal);
  }

  #killNow = (): void => {
    this.#child?.kill('SIGKILL');
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a program as this account (null: one's own). */
export function spawnAs(account: Account | null, program: string, args: readonly string[]): ChildProcess {
  const who = account === null ? {} : { uid: account.uid, gid: account.gid };
  return spawn(program, args, { ...who, stdio: ['ignore', 'pipe', 'pipe'] });
}

export interface Account {
  uid: number;
  gid: number;
}

/** Postgres will not run as root; Debian's package brings an account for it. */
export function accountFor(name: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
