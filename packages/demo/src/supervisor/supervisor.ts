import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import type { ServerSettings } from '../server-order.ts';
import type { PageConfig, Snapshot } from '../wire.ts';
import { actionsOf } from './actions.ts';
import { refuseSecond } from './already-running.ts';
import { assemble, disassemble, type Parts } from './assemble.ts';
import { Control } from './control.ts';
import { keptKey } from './kept-key.ts';
import type { Entry } from './server-process.ts';

export interface SupervisorOptions {
  host: string;
  /** 0: a free one. */
  port: number;
  dataDir: string;
  server?: ServerSettings;
  entry: Entry;
  /** Made up at the first start by default, and kept in the data folder. */
  apiKey?: string | undefined;
  /** Made up for each run by default. */
  jwtSecret?: string | undefined;
  /** Where the built page is, if not where this package has it. */
  pageDir?: string | undefined;
  /** How long a dead server stays dead, so that its absence can be seen. 1,000 ms by default. */
  restartDelayMs?: number | undefined;
}

export interface Supervisor {
  /** The page's address. */
  address: string;
  apiKey: string;
  control: PageConfig['control'];
  snapshot(): Snapshot;
  /** Ends the server and everything else. */
  stop(): Promise<void>;
}

/**
 * Runs the demo: the real server as a child, Ben's network, traffic, and a door for the page's buttons.
 *
 * @throws BelfryError with one sentence where the server can't start, or runs already.
 */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { entry, restartDelayMs, server: settings = {} } = options;
  const host = reachable(options.host);
  const port = options.port === 0 ? await freePort(host) : options.port;
  const address = addressOf(host, port);
  const run = randomBytes(6).toString('hex');
  await refuseSecond(address);
  const apiKey = options.apiKey ?? (await keptKey(options.dataDir, secret));
  const parts = assemble({ run, apiKey, host, port, address, entry, restartDelayMs });

  const origins = [...new Set([address, addressOf('127.0.0.1', port), addressOf('localhost', port)])];
  const token = secret();
  const control = new Control({ token, origins, actions: actionsOf(parts) });
  const stop = async (): Promise<void> => {
    await Promise.all([disassemble(parts), control.stop()]);
  };
  try {
    const page = { run, apiKey, people: await peopleOf(parts), control: { url: await control.listen(), token } };
    const { dataDir, pageDir, jwtSecret = secret() } = options;
    await parts.server.start({
      host: options.host,
      port,
      dataDir,
      pageDir,
      settings,
      apiKey,
      jwtSecret,
      origins,
      page,
    });
    await parts.topic.open();
    return { address, apiKey, control: page.control, snapshot: parts.snapshot, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function peopleOf({ adasNetwork, bensNetwork }: Parts): Promise<PageConfig['people']> {
  return [
    { user: 'ada', name: 'Ada', url: '', byHandUrl: await adasNetwork.open() },
    { user: 'ben', name: 'Ben', url: await bensNetwork.open(), byHandUrl: await bensNetwork.open() },
  ];
}

/** A server that listens everywhere is on loopback too. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** The same for every start of the server, so it is chosen before the first. */
async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, host, resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function addressOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}
