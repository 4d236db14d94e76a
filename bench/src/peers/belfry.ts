import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '../services/programs.ts';
import { API_KEY, JWT_SECRET } from './belfry-secrets.ts';
import { belfryWire } from './belfry-wire.ts';
import type { ServerPeer, ServiceUrls } from './peer.ts';

const CLI = new URL('../../../packages/cli/', import.meta.url);
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

/** `belfry serve` on Postgres. `bus`: the service by which processes hear of each other; null: Postgres too. */
function onPostgres(called: string, bus: 'redis' | 'nats' | null): ServerPeer {
  const services: ServiceName[] = bus === null ? ['postgres'] : ['postgres', bus];
  return served({
    name: `Belfry-${called}`,
    about: `stores every message in Postgres (fsync and synchronous_commit on) before it answers; its processes hear of each other through ${called}; ${CHECKS}`,
    services,
    env: (urls) => ({
      DATABASE_URL: urls.postgres ?? '',
      ...(bus === null ? {} : { BELFRY_BUS: urls[bus] ?? '' }),
    }),
  });
}

interface Served extends Pick<ServerPeer, 'name' | 'about' | 'services'> {
  env: (urls: ServiceUrls) => Record<string, string>;
}

function served({ env, ...about }: Served): ServerPeer {
  return {
    ...about,
    version: () => `Belfry ${JSON.parse(readFileSync(new URL('package.json', CLI), 'utf8')).version}`,
    command: ({ port, folder, services, nodeFlags }) => ({
      command: process.execPath,
      args: [...nodeFlags, ...sourceCondition(), fileURLToPath(new URL(entry(), CLI)), 'serve'],
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
  };
}

/** The source, where this process itself runs with the source of the packages; else what was built. */
export function runsSource(): boolean {
  return process.execArgv.includes('--conditions=belfry-src');
}

function sourceCondition(): string[] {
  return runsSource() ? ['--conditions=belfry-src'] : [];
}

function entry(): string {
  return runsSource() ? 'src/main.ts' : 'dist/main.js';
}
