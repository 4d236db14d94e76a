import { startNats, startPostgres, startRedis } from '@belfry/contract-tests/services';
import type { ServiceUrls } from '../peers/peer.ts';
import type { ServiceName } from './programs.ts';
import { psql } from './psql.ts';

type Service = Awaited<ReturnType<typeof startPostgres>>;

/**
 * As in production: an answered commit is on the disk, and log files are used again. By itself Postgres keeps as many of
 * them as its load has needed, which it can't know yet here. All else is as it comes, but for the clients it takes.
 */
const POSTGRES_OPTIONS = { fsync: true, settings: { synchronous_commit: 'on', min_wal_size: '1GB' } };

/** 512 MB: more than a round writes. */
const WAL_FILES = 32;

const START: Readonly<Record<ServiceName, () => Promise<Service>>> = {
  postgres: startUsedPostgres,
  redis: () => startRedis(),
  nats: () => startNats(),
};

const running = new Map<ServiceName, Promise<Service>>();
let databases = 0;
let ended = false;

/**
 * The services for one round, started when first asked for and then the same for all rounds. Of Postgres it gets an
 * empty database, with nothing left to be written of the rounds before.
 */
export async function servicesFor(names: readonly ServiceName[]): Promise<ServiceUrls> {
  const urls: Partial<Record<ServiceName, string>> = {};
  for (const name of names) {
    const { url } = await serviceOf(name);
    urls[name] = name === 'postgres' ? await emptyDatabase(url) : url;
  }
  return urls;
}

/** Drops what a round has filled. */
export async function releaseServices({ postgres }: ServiceUrls): Promise<void> {
  if (postgres === undefined) return;
  const { url } = await serviceOf('postgres');
  await psql(url, `drop database ${new URL(postgres).pathname.slice(1)} with (force)`);
}

/** Ends all of them and removes their data. */
export async function endServices(): Promise<void> {
  ended = true;
  const started = [...running.values()];
  await Promise.allSettled(started.map(async (service) => (await service).dispose()));
}

function serviceOf(name: ServiceName): Promise<Service> {
  // A round that fails because its services were ended tidies up after that.
  if (ended) return Promise.reject(new Error('The services have been ended.'));
  const known = running.get(name) ?? START[name]();
  running.set(name, known);
  // The next round tries again.
  known.catch(() => running.delete(name));
  return known;
}

/**
 * One that has run for a while. A new one fills each 16 MB of its log with zeros, and waits for the disk, in the midst of
 * somebody's commit: 35 to 45 ms each, which is what a p99 over some seconds then shows of whoever writes most.
 */
async function startUsedPostgres(): Promise<Service> {
  const service = await startPostgres(POSTGRES_OPTIONS);
  const files = `do $$ begin for i in 1..${WAL_FILES} loop
    perform pg_logical_emit_message(false, 'bench', 'a file'); perform pg_switch_wal(); end loop; end $$`;
  await psql(service.url, files);
  await psql(service.url, 'checkpoint');
  return service;
}

async function emptyDatabase(server: string): Promise<string> {
  databases += 1;
  const name = `bench_${databases}`;
  await psql(server, `create database ${name}`);
  await psql(server, 'checkpoint');
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
