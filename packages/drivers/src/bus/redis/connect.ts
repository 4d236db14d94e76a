import { BelfryError } from '@belfry/protocol';
import { Cluster, Redis } from 'ioredis';
import type { Address } from '../address.ts';
import { distrusted } from '../distrust.ts';
import { forbidden, reasonOf, refused, unreachable } from '../failures.ts';
import { tlsOptions } from '../tls-options.ts';
import { clusterLink } from './cluster-link.ts';
import { Connector } from './connector.ts';
import type { RedisEnds, RedisLink } from './link.ts';
import { pairLink } from './pair-link.ts';
import { isReply } from './reply.ts';

/** Two connections: Redis 5 and 6 let one that subscribes do nothing else. */
export async function connectRedis(address: Address, ends: RedisEnds, signal: AbortSignal): Promise<RedisLink> {
  const clients: (Redis | Cluster)[] = [];
  let why: unknown;
  const add = <Client extends Redis | Cluster>(client: Client): Client => {
    clients.push(client);
    (client as Redis).on('error', (error: Error) => {
      why ??= error;
    });
    return client;
  };
  const drop = () => {
    for (const client of clients) client.disconnect();
  };
  signal.addEventListener('abort', drop);
  try {
    const first = add(new Redis(redisOptions(address)));
    await first.connect();
    const isSharded = await takesShards(first, ends.probe);
    if (await isCluster(first)) {
      const cluster = add(
        new Cluster([{ host: address.host, port: address.port }], clusterOptions(address, isSharded)),
      );
      await clusterReady(cluster, signal);
      first.disconnect();
      return await proven(clusterLink(cluster, isSharded, ends), ends.probe);
    }
    const subscriber = add(new Redis(redisOptions(address)));
    await subscriber.connect();
    return await proven(pairLink(first, subscriber, isSharded, ends), ends.probe);
  } catch (error) {
    drop();
    throw asRefusal(address, isReply(error) ? error : (why ?? error));
  } finally {
    signal.removeEventListener('abort', drop);
  }
}

/** Nothing is retried or kept for later in here: what breaks is replaced, and what was to be sent is lost and counted. */
function redisOptions({ host, port, user, password, scheme, files }: Address) {
  return {
    host,
    port,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(scheme === 'rediss' ? { tls: tlsOptions(files) } : {}),
    Connector,
    connectionName: 'belfry-bus',
    lazyConnect: true,
    retryStrategy: null,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 5_000,
    disconnectTimeout: 100,
  };
}

function clusterOptions(address: Address, isSharded: boolean) {
  const { host: _, port: __, retryStrategy: ___, enableOfflineQueue: ____, ...redis } = redisOptions(address);
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    // Certificates have names: what the library looks up itself it would then compare with an address.
    ...(address.scheme === 'rediss' ? { dnsLookup: asItIs } : {}),
    shardedSubscribers: isSharded,
    // What breaks as a whole is replaced as a whole; single nodes come and go by themselves.
    clusterRetryStrategy: null,
    redisOptions: { ...redis, autoResubscribe: true },
  };
}

function asItIs(host: string, callback: (error: null, address: string) => void): void {
  callback(null, host);
}

/** Asked by doing it: versions are called differently by Redis and Valkey, and rights may forbid it. */
async function takesShards(redis: Redis, probe: string): Promise<boolean> {
  return redis.spublish(probe, '').then(
    () => true,
    (error: Error) => error.message.startsWith('MOVED'),
  );
}

async function isCluster(redis: Redis): Promise<boolean> {
  return redis.info('cluster').then(
    (text) => text.includes('cluster_enabled:1'),
    () => false,
  );
}

/** The library's own promise stays open for ever where a node answers and the cluster as a whole is not there yet. */
function clusterReady(cluster: Cluster, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error('the cluster is not ready'));
    cluster.once('end', fail);
    signal.addEventListener('abort', fail, { once: true });
    if (signal.aborted) fail();
    cluster.connect().then(resolve, reject);
  });
}

/** A user may sign in and have no right to the channels: that is to be told now, and not at each subscription. */
async function proven(link: RedisLink, probe: string): Promise<RedisLink> {
  await link.subscribe(probe);
  await link.send(probe, Buffer.alloc(0));
  link.unsubscribe(probe);
  return link;
}

function asRefusal({ scheme, shown }: Address, error: unknown): BelfryError {
  if (error instanceof BelfryError) return error;
  const reason = reasonOf(error);
  if (/^NOPERM/.test(reason)) return forbidden('Redis', shown, 'BELFRY_BUS', error);
  if (/^(WRONGPASS|NOAUTH)|invalid password|AUTH failed/i.test(reason)) return refused('Redis', shown, 'BELFRY_BUS');
  const distrust = distrusted('Redis', shown, 'BELFRY_BUS', error);
  return distrust ?? unreachable('Redis', shown, 'BELFRY_BUS', mistaken(scheme, reason) ?? error);
}

/** Where it is not Redis that answers, or not by TLS: words that lead further than the library's. */
function mistaken(scheme: string, reason: string): Error | null {
  if (scheme === 'rediss' && /before secure TLS|wrong version number/.test(reason)) {
    return new Error('it does not speak TLS, as rediss:// asks it to');
  }
  if (scheme === 'rediss' && /(EPIPE|ECONNRESET)/.test(reason)) {
    return new Error(
      'it breaks the connection off, as one does that asks for a certificate of the client (sslcert, sslkey)',
    );
  }
  return /Protocol error|RESP type|write (EPIPE|ECONNRESET)/.test(reason)
    ? new Error('it does not answer as Redis does')
    : null;
}
