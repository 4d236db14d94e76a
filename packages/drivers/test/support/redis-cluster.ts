import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, type Service, startRedis } from '@belfry/contract-tests/services';
import { Redis, type RedisOptions } from 'ioredis';

/** As it was before Redis 7: every message goes to all nodes. */
export const UNSHARDED = ['SPUBLISH', 'SSUBSCRIBE'].flatMap((command) => ['--rename-command', command, '']);

export interface ClusterStart {
  args?: readonly string[];
  certificate?: Certificate;
  /** How one asks it, besides its address. */
  asked?: Pick<RedisOptions, 'tls'>;
}

export interface ClusterNode extends Service {
  /** As somebody who looks after it. */
  ask<Answer>(question: (redis: Redis) => Promise<Answer>): Promise<Answer>;
}

/** A node that has all slots is a cluster. */
export async function startCluster(start: ClusterStart = {}): Promise<ClusterNode> {
  const node = await startNode(start);
  await takeSlots(node, 0, 16_383);
  await untilSaid(node, 'cluster_state:ok');
  return node;
}

/** Each has half of the slots, and goes on without the other. */
export async function startTwoNodes(args: readonly string[] = []): Promise<[ClusterNode, ClusterNode]> {
  const start = { args: [...args, '--cluster-require-full-coverage', 'no'] };
  const [one, two] = [await startNode(start), await startNode(start)];
  await takeSlots(one, 0, 8_191);
  await takeSlots(two, 8_192, 16_383);
  await one.ask((redis) => redis.cluster('MEET', '127.0.0.1', two.port));
  for (const node of [one, two]) {
    await untilSaid(node, 'cluster_slots_assigned:16384');
    await untilSaid(node, 'cluster_state:ok');
  }
  return [one, two];
}

/** It writes down what it knows of the cluster, so it needs a folder. */
async function startNode({ args = [], certificate, asked = {} }: ClusterStart): Promise<ClusterNode> {
  const folder = await mkdtemp(join(tmpdir(), 'belfry-redis-'));
  const own = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--dir', folder];
  const redis = await startRedis([...own, ...args], certificate);
  return {
    ...redis,
    async ask(question) {
      const client = new Redis(redis.url, asked);
      return question(client).finally(() => client.disconnect());
    },
    async dispose() {
      await redis.dispose();
      await rm(folder, { recursive: true });
    },
  };
}

export async function takeSlots(node: ClusterNode, first: number, last: number): Promise<void> {
  await node.ask((redis) => redis.cluster('ADDSLOTSRANGE', first, last));
}

async function untilSaid(node: ClusterNode, words: string): Promise<void> {
  await node.ask(async (redis) => {
    while (!(await redis.cluster('INFO')).includes(words)) await new Promise((r) => setTimeout(r, 20));
  });
}
