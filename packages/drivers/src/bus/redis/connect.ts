import { BelfryError } from '@belfry/protocol';
import { Cluster, Redis } from 'ioredis';
import type { Address } from '../address.ts';
import { distrusted } from '../distrust.ts';
import { forbidden, reasonOf, refused, unreachable } from '../failures.ts';
import { Attempt } from './attempt.ts';
import { shardedLink, unshardedLink } from './cluster-link.ts';
import type { RedisEnds, RedisLink } from './link.ts';
import { NodeListener } from './node-listener.ts';
import { clusterOptions, redisOptions } from './options.ts';
import { pairLink } from './pair-link.ts';
import { isReply } from './reply.ts';

/** Subjects with slots by chance: a node of two has all of them once in 65,536 times. */
const SLOTS_TRIED = 16;

/** Two connections: Redis 5 and 6 let one that subscribes do nothing else. */
export async function connectRedis(address: Address, ends: RedisEnds, signal: AbortSignal): Promise<RedisLink> {
  const attempt = new Attempt();
  signal.addEventListener('abort', attempt.drop);
  try {
    const first = attempt.add(new Redis(redisOptions(address)));
    await first.connect();
    const isSharded = await takesShards(first, ends.probe);
    if (await isCluster(first, ends.probe)) {
      const link = await connectCluster({ address, isSharded, attempt, ends, signal });
      first.disconnect();
      return await proven(link, ends.probe);
    }
    const subscriber = attempt.add(new Redis(redisOptions(address)));
    await subscriber.connect();
    return await proven(pairLink(first, subscriber, isSharded, ends), ends.probe);
  } catch (error) {
    attempt.drop();
    throw asRefusal(address, toldBy(error, attempt));
  } finally {
    signal.removeEventListener('abort', attempt.drop);
  }
}

/** Of a Cluster the library says only that no node would tell it of the others; why not, the node said. */
function toldBy(error: unknown, { why = error }: Attempt): unknown {
  if (isReply(error)) return error;
  const { lastNodeError } = why as { lastNodeError?: unknown };
  return isReply(lastNodeError) ? lastNodeError : why;
}

interface OpeningCluster {
  address: Address;
  isSharded: boolean;
  attempt: Attempt;
  ends: RedisEnds;
  signal: AbortSignal;
}

async function connectCluster({ address, isSharded, attempt, ends, signal }: OpeningCluster): Promise<RedisLink> {
  const seed = { host: address.host, port: address.port };
  const cluster = attempt.add(new Cluster([seed], clusterOptions(address, isSharded)));
  await clusterReady(cluster, signal);
  if (isSharded) return shardedLink(cluster, ends);
  const clientOf = ({ options: { host = seed.host, port = seed.port } }: Redis) =>
    attempt.add(new Redis(redisOptions({ ...address, host, port })));
  const listener = attempt.hold(new NodeListener({ cluster, clientOf, ends }));
  await listener.connect();
  return unshardedLink(cluster, listener, ends);
}

/** Asked by doing it: versions are called differently by Redis and Valkey, and rights may forbid it. */
async function takesShards(redis: Redis, probe: string): Promise<boolean> {
  return redis.spublish(probe, '').then(
    () => true,
    (error: Error) => error.message.startsWith('MOVED'),
  );
}

/** By what it says. Where one may not ask that, a Cluster shows by what belongs to its other nodes, and needs the right. */
async function isCluster(redis: Redis, probe: string): Promise<boolean> {
  const said = await redis.info('cluster').catch((error: Error) => error);
  if (typeof said === 'string') return said.includes('cluster_enabled:1');
  const probes = Array.from({ length: SLOTS_TRIED }, (_, index) => `${probe}.${index}`);
  const answers = await Promise.allSettled(probes.map((subject) => redis.spublish(subject, '')));
  if (answers.some(isMoved)) throw said;
  return false;
}

function isMoved(answer: PromiseSettledResult<unknown>): boolean {
  return answer.status === 'rejected' && (answer.reason as Error).message.startsWith('MOVED');
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
