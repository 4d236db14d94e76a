import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busContract, type Engine } from '@belfry/contract-tests/bus';
import { isMissing, REDIS, startRedis } from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import { Redis } from 'ioredis';
import { describe } from 'vitest';

describe.skipIf(isMissing(REDIS))('a Cluster of one real node', () => {
  busContract('Redis Cluster', {
    engine: startCluster,
    open: (url, options) => openBus(url, options),
    carriesEvents: true,
    takesProxies: false,
  });
});

/** It writes down what it knows of the cluster, so it needs a folder. */
async function startCluster(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'belfry-redis-'));
  const redis = await startRedis(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--dir', folder]);
  await claimSlots(redis.port);
  return {
    ...redis,
    async dispose() {
      await redis.dispose();
      await rm(folder, { recursive: true });
    },
  };
}

/** A node that has all slots is a cluster. */
async function claimSlots(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1');
  await client.call('cluster', 'addslotsrange', '0', '16383');
  while (!(await client.cluster('INFO')).includes('cluster_state:ok')) await new Promise((r) => setTimeout(r, 20));
  client.disconnect();
}
