import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, ServerPeer, ServiceUrls } from '../peers/peer.ts';
import { pinned, SERVER_CORE } from './pinning.ts';
import type { ProbeAnswer, ProbeWish } from './probe.ts';
import { end, hasEnded, removeFolder, temporaryFolder, watch } from './running.ts';

const PROBE = new URL('probe.ts', import.meta.url).href;
const HOST = '127.0.0.1';
const START_MS = 15_000;

/** A peer's server in a process, and a data folder, of its own. */
export class RunningServer {
  readonly address: Address;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #hasProbe: boolean;

  private constructor(child: ChildProcess, address: Address, folder: string, hasProbe: boolean) {
    this.#child = child;
    this.address = address;
    this.#folder = folder;
    this.#hasProbe = hasProbe;
  }

  static async start(peer: ServerPeer, services: ServiceUrls): Promise<RunningServer> {
    const port = await freePort();
    const folder = temporaryFolder();
    const { command, args, env, isNode } = peer.command({ port, folder, services, nodeFlags: ['--import', PROBE] });
    const child = spawn(...pinned(command, args, SERVER_CORE), {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    watch(child);
    const server = new RunningServer(child, { host: HOST, port }, folder, isNode);
    try {
      await server.#listening(peer.name);
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
    if (!this.#hasProbe || hasEnded(this.#child)) return null;
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(60_000) });
    this.#child.send(wish);
    return ((await answer) as [ProbeAnswer])[0];
  }

  async stop(): Promise<void> {
    await end(this.#child);
    removeFolder(this.#folder);
  }

  async #listening(name: string): Promise<void> {
    const said = keepEnd(this.#child);
    for (let waited = 0; waited < START_MS; waited += 50) {
      if (hasEnded(this.#child)) throw new Error(`${name} ended at its start: ${said()}`);
      if (await answers(this.address)) return;
      await sleep(50);
    }
    throw new Error(`${name} did not start within ${START_MS / 1_000} s: ${said()}`);
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
