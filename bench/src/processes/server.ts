import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, ServerCommand, ServerPeer, ServiceUrls } from '../peers/peer.ts';
import { pinned, SERVER_CORE, serverCores } from './pinning.ts';
import type { ProbeAnswer, ProbeWish } from './probe.ts';
import { end, hasEnded, removeFolder, temporaryFolder, watch } from './running.ts';

const PROBE = new URL('probe.ts', import.meta.url).href;
const COUNT_QUERIES = new URL('count-queries.ts', import.meta.url).href;
const HOST = '127.0.0.1';
const START_MS = 15_000;

/** Where it runs and with what. */
interface Place {
  address: Address;
  /** Of its own, and temporary. */
  folder: string;
  services: ServiceUrls;
}

/** What the bench looks into a server on Node with. `queries`: it counts them beside. */
type Looks = 'none' | 'probe' | 'queries';

/** A peer's server in a process, and a data folder, of its own. */
export class RunningServer {
  readonly address: Address;
  readonly #peer: ServerPeer;
  readonly #place: Place;
  readonly #command: ServerCommand;
  readonly #looks: Looks;
  readonly #core: number;
  #child: ChildProcess;
  /** Of its tables, in times of what they were at first. */
  #size = 1;

  private constructor(peer: ServerPeer, place: Place, looks: Looks, core: number) {
    const { address, folder, services } = place;
    this.address = address;
    this.#peer = peer;
    this.#place = place;
    this.#looks = looks;
    this.#core = core;
    const nodeFlags = looks === 'none' ? [] : ['--import', PROBE];
    this.#command = peer.command({ port: address.port, folder, services, nodeFlags });
    this.#child = this.#spawn();
  }

  static async start(
    peer: ServerPeer,
    services: ServiceUrls,
    looks: Looks = 'probe',
    core = SERVER_CORE,
  ): Promise<RunningServer> {
    const address = { host: HOST, port: await freePort() };
    const server = new RunningServer(peer, { address, folder: temporaryFolder(), services }, looks, core);
    try {
      await server.#listening();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Has the probe inside do something. Null from a server that has none. */
  async ask(wish: ProbeWish): Promise<ProbeAnswer | null> {
    return this.#isAskable ? this.#ask(wish) : null;
  }

  /** So far, where they are counted; else none. */
  async queries(): Promise<number> {
    const answer = this.#counts ? await this.#ask('queries') : null;
    return Number(answer?.queries ?? 0);
  }

  /** As by a lack of memory: it can't say goodbye. */
  async kill(): Promise<number> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
    return 0;
  }

  /** After it was killed: on the same port, with what is on its disk. Gives its process id as soon as it has one. */
  async startAgain(): Promise<number> {
    this.#child = this.#spawn();
    return this.pid;
  }

  /** Gives how large its tables are then, in times of what they were at first. */
  async grow(times: number): Promise<number> {
    const to = this.#size * times;
    await this.#peer.grow?.(this.#place.folder, this.#place.services, this.#size, to);
    this.#size = to;
    return to;
  }

  async stop(): Promise<void> {
    await end(this.#child);
    removeFolder(this.#place.folder);
  }

  #spawn(): ChildProcess {
    const { command, args, env } = this.#command;
    const counting = this.#counts ? { NODE_OPTIONS: `--import ${COUNT_QUERIES}` } : {};
    const { processes = 1 } = this.#peer;
    const cores = processes === 1 ? [this.#core] : serverCores(processes);
    const child = spawn(...pinned(command, args, ...cores), {
      cwd: this.#place.folder,
      env: { PATH: process.env.PATH ?? '', ...env, ...counting },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    watch(child);
    return child;
  }

  get #isAskable(): boolean {
    return this.#command.isNode && this.#looks !== 'none';
  }

  get #counts(): boolean {
    return this.#command.isNode && this.#looks === 'queries';
  }

  async #ask(wish: ProbeWish | 'queries'): Promise<ProbeAnswer | null> {
    if (hasEnded(this.#child)) return null;
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(60_000) });
    this.#child.send(wish);
    return ((await answer) as [ProbeAnswer])[0];
  }

  async #listening(): Promise<void> {
    const said = keepEnd(this.#child);
    for (let waited = 0; waited < START_MS; waited += 50) {
      if (hasEnded(this.#child)) throw new Error(`${this.#peer.name} ended at its start: ${said()}`);
      if (await answers(this.address)) return;
      await sleep(50);
    }
    throw new Error(`${this.#peer.name} did not start within ${START_MS / 1_000} s: ${said()}`);
  }
}

/** The end of what a process says, in case it fails. */
function keepEnd({ stdout, stderr }: ChildProcess): () => string {
  let said = '';
  const keep = (piece: Buffer) => {
    said = (said + piece.toString()).slice(-2_000);
  };
  stdout?.on('data', keep);
  stderr?.on('data', keep);
  return () => said.trim();
}

function answers({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
