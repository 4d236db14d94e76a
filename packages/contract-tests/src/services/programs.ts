import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A real service that tests run against: by its address where one is given, else a program that is started. */
export interface ServiceKind {
  /** As people write it. */
  name: string;
  /** An environment variable with the address of a running one, which then stays as it is. */
  urlVariable: string;
  program: string;
  /** Folders to look in that are on nobody's PATH. */
  folders(): string[];
}

export const POSTGRES: ServiceKind = {
  name: 'Postgres',
  urlVariable: 'BELFRY_TEST_POSTGRES_URL',
  program: 'postgres',
  folders: debianPostgres,
};
export const REDIS: ServiceKind = {
  name: 'Redis',
  urlVariable: 'BELFRY_TEST_REDIS_URL',
  program: 'redis-server',
  folders: () => [],
};
export const NATS: ServiceKind = {
  name: 'NATS',
  urlVariable: 'BELFRY_TEST_NATS_URL',
  program: 'nats-server',
  folders: () => ['/usr/sbin'],
};

/** Makes the certificates of servers that speak TLS. */
export const OPENSSL: ServiceKind = {
  name: 'OpenSSL',
  urlVariable: 'BELFRY_OPENSSL',
  program: 'openssl',
  folders: () => ['/usr/bin'],
};

/** What stands before Belfrys in compose.yaml. There is none to give an address of: a test starts it with what it asks of it. */
const NGINX = { program: 'nginx', folders: () => ['/usr/sbin'] };

/** Where it is: `BELFRY_NGINX`, else where Debian has it, else on the PATH. */
export function nginxPath(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.BELFRY_NGINX || programOf(NGINX, env);
}

/** The address given for it, or where its program is; undefined where tests that need it can't run. */
export function findService(kind: ServiceKind, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env[kind.urlVariable] || programOf(kind, env);
}

export function programOf(
  kind: Pick<ServiceKind, 'program' | 'folders'>,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const path = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...kind.folders(), ...path].map((folder) => join(folder, kind.program)).find(isExecutable);
}

/** Debian keeps each version in a folder of its own, and only the client on the PATH. The newest first. */
function debianPostgres(): string[] {
  const home = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(home).sort((one, other) => Number(other) - Number(one));
    return versions.map((version) => join(home, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
