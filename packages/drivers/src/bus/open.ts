import { type Bus, type BusObserver, localBus } from '@belfry/hub';
import { BelfryError } from '@belfry/protocol';

export interface BusOptions {
  /** Of the store that the processes share. What other databases say is not heard. */
  place: string;
  /** Where `postgres` connects to. */
  databaseUrl?: string | undefined;
  observer?: BusObserver;
  /** How often a connection is asked whether it is alive, and how long it may take to say so. Milliseconds; 5,000. */
  probeMs?: number;
}

/**
 * The bus that a setting names: `local`, `postgres`, or an address with `redis:`, `rediss:`, `nats:` or `tls:`. Each
 * driver is loaded only where it is used.
 *
 * @throws BelfryError `invalid` for a setting that won't do, `unavailable` where the engine can't be reached now.
 */
export async function openBus(setting: string, options: BusOptions): Promise<Bus> {
  if (setting === 'local') return localBus();
  const { databaseUrl, ...rest } = options;
  if (setting === 'postgres') return openPostgres(databaseUrl, rest);
  const scheme = /^([a-z]+):\/\//.exec(setting)?.[1];
  if (scheme === 'redis' || scheme === 'rediss') {
    const { openRedisBus } = await load('ioredis', () => import('./redis/index.ts'));
    return openRedisBus({ ...rest, url: setting });
  }
  if (scheme === 'nats' || scheme === 'tls') {
    const { openNatsBus } = await load('@nats-io/transport-node', () => import('./nats/index.ts'));
    return openNatsBus({ ...rest, url: setting });
  }
  throw unknownSetting();
}

async function openPostgres(url: string | undefined, options: Omit<BusOptions, 'databaseUrl'>): Promise<Bus> {
  if (url === undefined) {
    throw wrong('BELFRY_BUS is postgres and there is no DATABASE_URL. Set it, or set BELFRY_BUS to local.');
  }
  const { openPostgresBus } = await load('pg', () => import('./postgres/index.ts'));
  return openPostgresBus({ ...options, url });
}

/** Drivers are optional: whoever never uses one need not install its library. */
async function load<Module>(library: string, driver: () => Promise<Module>): Promise<Module> {
  try {
    return await driver();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw wrong(`This BELFRY_BUS needs the package ${library}, which is not installed. Run: npm install ${library}`);
  }
}

/** The setting may hold a password, so nothing of it is repeated. */
function unknownSetting(): BelfryError {
  return wrong(
    'BELFRY_BUS is none that Belfry knows. Use local, postgres, redis://host:6379, rediss://host:6379, nats://host:4222 or tls://host:4222.',
  );
}

function wrong(message: string): BelfryError {
  return new BelfryError('invalid', message, { field: 'BELFRY_BUS' });
}
