import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';
import { busContract, type Engine, Member } from '@belfry/contract-tests/bus';
import { Authority, type Certificate, isMissing, OPENSSL, REDIS, startRedis } from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import { Redis } from 'ioredis';
import { describe, test } from 'vitest';

describe.skipIf(isMissing(REDIS))('a Cluster of one real node', () => {
  busContract('Redis Cluster', {
    engine: () => startCluster(),
    open: (url, options) => openBus(url, options),
    carriesEvents: true,
    takesProxies: false,
  });
});

describe.skipIf(isMissing(REDIS) || isMissing(OPENSSL))('a Cluster that speaks TLS', () => {
  test('is found by the names in its certificates, and connects processes', async () => {
    const authority = new Authority();
    const named = ['--cluster-announce-hostname', 'localhost', '--cluster-preferred-endpoint-type', 'hostname'];
    setDefaultCACertificates([authority.text]);
    const engine = await startCluster(['--tls-cluster', 'yes', ...named], authority.certificate('DNS:localhost'));
    const url = engine.url.replace('127.0.0.1', 'localhost');
    const [one, two] = [await Member.open({ open: openBus }, url), await Member.open({ open: openBus }, url)];
    try {
      await two.bus.follow({ tenant: 'acme' });
      one.publish('acme', 1);
      await two.hears('acme', 1);
    } finally {
      await Promise.all([one, two].map(({ bus }) => bus.close()));
      await engine.dispose();
      setDefaultCACertificates([]);
      authority.dispose();
    }
  });
});

/** It writes down what it knows of the cluster, so it needs a folder. */
async function startCluster(more: readonly string[] = [], certificate?: Certificate): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'belfry-redis-'));
  const fixed = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--dir', folder];
  const redis = await startRedis([...fixed, ...more], certificate);
  await claimSlots(new Redis(redis.url, certificate ? { tls: { servername: 'localhost' } } : {}));
  return {
    ...redis,
    async dispose() {
      await redis.dispose();
      await rm(folder, { recursive: true });
    },
  };
}

/** A node that has all slots is a cluster. */
async function claimSlots(client: Redis): Promise<void> {
  await client.call('cluster', 'addslotsrange', '0', '16383');
  while (!(await client.cluster('INFO')).includes('cluster_state:ok')) await new Promise((r) => setTimeout(r, 20));
  client.disconnect();
}
