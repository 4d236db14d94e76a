import { setDefaultCACertificates } from 'node:tls';
import { busContract, Member } from '@belfry/contract-tests/bus';
import { Authority, isMissing, OPENSSL, REDIS } from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import { describe, test } from 'vitest';
import { startCluster } from './support/redis-cluster.ts';

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
    const engine = await startCluster({
      args: ['--tls-cluster', 'yes', ...named],
      certificate: authority.certificate('DNS:localhost'),
      asked: { tls: { servername: 'localhost' } },
    });
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
