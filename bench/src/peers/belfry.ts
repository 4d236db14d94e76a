import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '../services/programs.ts';
import { API_KEY, JWT_SECRET } from './belfry-secrets.ts';
import { growTables } from './belfry-tables.ts';
import { belfryWire } from './belfry-wire.ts';
import type { ServerPeer, ServiceUrls } from './peer.ts';

const CLI = new URL('../../../packages/cli/', import.meta.url);
const BUILD = fileURLToPath(new URL('../../../scripts/build.ts', import.meta.url));
const SOURCE = '--conditions=belfry-src';
const CHECKS = 'checks tokens, entitlement and bodies';

/** `belfry serve` as it is, with its SQLite store, tokens and API key, over its HTTP API. */
export const belfry = served({
  name: 'Belfry',
  about: `stores every message (SQLite, synchronous=FULL) before it answers; ${CHECKS}`,
  services: [],
  env: () => ({}),
});

/** Its processes hear of each other as they do where nothing else is set. */
export const belfryPostgres = onPostgres('Postgres', null);
export const belfryRedis = onPostgres('Redis', 'redis');
export const belfryNats = onPostgres('NATS', 'nats');

const WORKERS = 2;

/** One port, and several processes behind it. */
export const belfryWorkers = served({
  ...settingsOnPostgres('Postgres', null),
  name: 'Belfry-workers',
  about: `Belfry-Postgres in ${WORKERS} processes behind one port (\`belfry serve --workers ${WORKERS}\`)`,
  processes: WORKERS,
});

/** `belfry serve` on Postgres. `bus`: the service by which processes hear of each other; null: Postgres too. */
function onPostgres(called: string, bus: 'redis' | 'nats' | null): ServerPeer {
  return served(settingsOnPostgres(called, bus));
}

function settingsOnPostgres(called: string, bus: 'redis' | 'nats' | null): Served {
  const services: ServiceName[] = bus === null ? ['postgres'] : ['postgres', bus];
  return {
    name: `Belfry-${called}`,
    about: `stores every message in Postgres (fsync and synchronous_commit on, files of its log that are used again) before it answers; its processes hear of each other through ${called}; ${CHECKS}`,
    services,
    env: (urls) => ({
      DATABASE_URL: urls.postgres ?? '',
      ...(bus === null ? {} : { BELFRY_BUS: urls[bus] ?? '' }),
    }),
  };
}

let wasBuilt: boolean | undefined;

/** As users get it: what is measured from the source takes longer to start. */
export const belfryBuilt = built({
  name: 'Belfry-built',
  about: 'Belfry from `dist`, as it is installed',
  services: [],
  env: () => ({}),
});
export const belfryPostgresBuilt = built({
  ...settingsOnPostgres('Postgres', null),
  name: 'Belfry-Postgres-built',
  about: 'the same on Postgres',
});

/** Built when it is first wanted. */
function built(settings: Served): ServerPeer {
  return {
    ...served({ ...settings, isBuilt: true }),
    whyAbsent: () => {
      wasBuilt ??= build();
      return wasBuilt ? null : '`npm run build` failed';
    },
  };
}

/** What has not changed since is not built again. */
function build(): boolean {
  process.stderr.write('bench: building what is to be measured as it is installed\n');
  return spawnSync(process.execPath, [BUILD], { stdio: 'ignore' }).status === 0;
}

interface Served extends Pick<ServerPeer, 'name' | 'about' | 'services' | 'processes'> {
  env: (urls: ServiceUrls) => Record<string, string>;
  isBuilt?: boolean;
}

function served({ env, isBuilt = !runsSource(), ...about }: Served): ServerPeer {
  return {
    ...about,
    version: () => `Belfry ${JSON.parse(readFileSync(new URL('package.json', CLI), 'utf8')).version}`,
    command: ({ port, folder, services, nodeFlags }) => ({
      command: process.execPath,
      args: [
        ...nodeFlags,
        ...(isBuilt ? [entryOf('dist/main.js')] : [SOURCE, entryOf('src/main.ts')]),
        'serve',
        ...workersOf(about),
      ],
      env: {
        BELFRY_HOST: '127.0.0.1',
        BELFRY_PORT: String(port),
        BELFRY_DATA_DIR: folder,
        BELFRY_JWT_SECRET: JWT_SECRET,
        BELFRY_API_KEY: API_KEY,
        BELFRY_LOG_LEVEL: 'warn',
        BELFRY_DRAIN_MS: '0',
        ...env(services),
      },
      isNode: true,
    }),
    wire: belfryWire,
    grow: growTables,
  };
}

function workersOf({ processes }: Pick<ServerPeer, 'processes'>): string[] {
  return processes === undefined ? [] : ['--workers', String(processes)];
}

/** The source, where this process itself runs with the source of the packages; else what was built. */
export function runsSource(): boolean {
  return process.execArgv.includes(SOURCE);
}

function entryOf(file: string): string {
  return fileURLToPath(new URL(file, CLI));
}
