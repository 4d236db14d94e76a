import { execFile } from 'node:child_process';
import { chownSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Certificate } from './certificates.ts';
import { type Account, accountFor, Daemon, freePort, spawnAs } from './daemon.ts';
import { makeData } from './postgres-data.ts';
import { POSTGRES, programOf } from './programs.ts';
import { type Service, serviceOf } from './service.ts';

export interface PostgresOptions {
  /**
   * Whether it waits for the disk at each commit, as in production. Off by default: a killed process loses nothing that
   * the page cache holds, so only a bench can tell the difference.
   */
  fsync?: boolean;
  /** It speaks TLS too, and shows this. */
  certificate?: Certificate;
  /** The file of an authority whose certificates it knows clients by. */
  authority?: string;
  /** More settings, by name. */
  settings?: Record<string, string>;
}

/** A Postgres of its own for whoever calls, in a temporary folder. Its signals: SIGINT fast, SIGQUIT immediate. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Service> {
  const program = programOf(POSTGRES);
  if (program === undefined) throw new Error('There is no postgres program on this machine.');
  const folder = mkdtempSync(join(tmpdir(), 'belfry-postgres-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const daemon = await startIn(folder, program, options);
    return {
      ...serviceOf(daemon, `postgres://belfry@127.0.0.1:${daemon.port}/postgres`),
      stop: (signal = 'SIGINT') => daemon.stop(signal),
      async dispose() {
        await daemon.dispose('SIGQUIT');
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function startIn(folder: string, program: string, options: PostgresOptions): Promise<Daemon> {
  const account = accountFor('postgres');
  if (account !== null) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  makeData(data, { program, account, synced: options.fsync ?? false });
  const port = await freePort();
  const settings = {
    ...(options.certificate ? tlsIn(folder, options.certificate, options.authority, account) : {}),
    ...options.settings,
  };
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    '-k',
    folder,
    '-h',
    '127.0.0.1',
    ...settingsOf({ ...options, settings }),
  ];
  const isReady = (at: number) => answers(join(dirname(program), 'pg_isready'), at);
  const daemon = new Daemon(port, () => spawnAs(account, program, args), isReady);
  await daemon.start();
  return daemon;
}

/** It reads a key only where it is its account's alone. */
function tlsIn(
  folder: string,
  { certFile, keyFile }: Certificate,
  authority: string | undefined,
  account: Account | null,
): Record<string, string> {
  const [cert, key, ca] = [join(folder, 'server.pem'), join(folder, 'server.key'), join(folder, 'ca.pem')];
  copyFileSync(certFile, cert);
  copyFileSync(keyFile, key);
  if (authority !== undefined) copyFileSync(authority, ca);
  const files = authority === undefined ? [cert, key] : [cert, key, ca];
  for (const file of files) if (account !== null) chownSync(file, account.uid, account.gid);
  const trust: Record<string, string> = authority === undefined ? {} : { ssl_ca_file: ca };
  return { ssl: 'on', ssl_cert_file: cert, ssl_key_file: key, ...trust };
}

/** It takes connections before it takes queries. */
function answers(pgIsReady: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(pgIsReady, ['-q', '-h', '127.0.0.1', '-p', String(port)], (error) => resolve(error === null));
  });
}

function settingsOf({ fsync = false, settings = {} }: PostgresOptions): string[] {
  // Shared memory in its folder, where it goes with it: one that is killed would leave it in /dev/shm.
  const fixed = { dynamic_shared_memory_type: 'mmap', max_connections: '200' };
  const all = { fsync: fsync ? 'on' : 'off', ...fixed, ...settings };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
