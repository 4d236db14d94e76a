// A Cluster where every message goes to all nodes, and each process listens to one of them.
import { busContract, type Member, type Opened } from '@belfry/contract-tests/bus';
import { Authority, isMissing, OPENSSL, REDIS } from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openMember } from './support/bus-member.ts';
import { closingAfterEach } from './support/closing.ts';
import { type ClusterNode, startCluster, startTwoNodes, takeSlots, UNSHARDED } from './support/redis-cluster.ts';
import { PLACES, SPOILS, SpoilingProxy, withGarbage } from './support/spoiling-proxy.ts';

/** Whoever follows something: a connection that does not is no subscriber. */
const endsListening = (node: ClusterNode) => node.ask((redis) => redis.call('client', 'kill', 'type', 'pubsub'));
const isListenedTo = async (node: ClusterNode) =>
  (await node.ask((redis) => redis.call('client', 'list', 'type', 'pubsub'))) !== '';

/** As before a node leaves: it is still there, and has no slots any more. */
async function givesAway(node: ClusterNode, other: ClusterNode): Promise<void> {
  const own = (await node.ask((redis) => redis.call('cluster', 'nodes'))) as string;
  const [, first, last] = (own.match(/myself.* (\d+)-(\d+)/) ?? []).map(Number) as [unknown, number, number];
  for (const each of [node, other]) await each.ask((redis) => redis.cluster('DELSLOTSRANGE', first, last));
  await takeSlots(other, first, last);
}

/** What is said to a node that is just leaving is lost: it is said until something is heard. */
async function hear(from: Member, to: Member, first: number): Promise<number> {
  let n = first;
  const saying = setInterval(() => from.publish('acme', n++), 10);
  await to.until(() => to.numbers('acme').some((heard) => heard >= first), `what was said from ${first} on`);
  clearInterval(saying);
  return n;
}

describe.skipIf(isMissing(REDIS))('a Cluster without sharded pub/sub', () => {
  busContract('Redis Cluster without shards', {
    engine: () => startCluster({ args: UNSHARDED }),
    open: (url, options) => openBus(url, options),
    carriesEvents: true,
    takesProxies: false,
  });

  describe('of two nodes', () => {
    const closing = closingAfterEach();
    let nodes: [ClusterNode, ClusterNode];
    beforeEach(async () => {
      nodes = await startTwoNodes(UNSHARDED);
    });
    afterEach(() => Promise.all((nodes ?? []).map((node) => node.dispose())));

    async function pair(opened: Opened = {}) {
      const member = () => openMember(closing, { bus: nodes[0].url }, opened);
      const [one, two] = [await member(), await member()];
      await two.bus.follow({ tenant: 'acme' });
      const next = await hear(one, two, 1);
      const [listened, other] = (await isListenedTo(nodes[0])) ? nodes : nodes.toReversed();
      return { one, two, next, listened: listened as ClusterNode, other: other as ClusterNode };
    }

    it('is listened to elsewhere once a node is gone, and messages go on meanwhile', async () => {
      const { one, two, next, listened } = await pair();
      await listened.stop('SIGKILL');
      await two.until(() => two.told.includes('reconnect'), 'another node');
      await hear(one, two, next);
      expect(two.told).toEqual(['reconnect']);
    });

    it('is listened to elsewhere once a node has no slots any more', async () => {
      const { one, two, next, listened, other } = await pair({ probeMs: 500 });
      await givesAway(listened, other);
      const listening = () => Promise.all([listened, other].map(isListenedTo));
      await expect.poll(listening, { timeout: 30_000 }).toEqual([false, true]);
      await two.until(() => two.told.includes('reconnect'), 'another node');
      await hear(one, two, next);
    });
  });

  describe.skipIf(isMissing(OPENSSL))('that speaks TLS', () => {
    const closing = closingAfterEach();
    let [authority, node, proxy]: [Authority, ClusterNode, SpoilingProxy] = [] as never;
    beforeAll(async () => {
      authority = new Authority();
      const asked = { tls: { ca: authority.text } };
      const args = [...UNSHARDED, '--tls-cluster', 'yes'];
      node = await startCluster({ args, certificate: authority.certificate('IP:127.0.0.1'), asked });
      proxy = await SpoilingProxy.start(node.port);
      // All find it behind the proxy.
      await node.ask((redis) => redis.config('SET', 'cluster-announce-tls-port', proxy.port));
    });
    afterAll(async () => {
      await proxy?.close();
      await node?.dispose();
      authority?.dispose();
    });

    async function pair() {
      const bus = `rediss://127.0.0.1:${node.port}?sslrootcert=${authority.file}`;
      const [one, two] = [await openMember(closing, { bus }), await openMember(closing, { bus })];
      await two.bus.follow({ tenant: 'acme' });
      return { one, two, next: await hear(one, two, 1) };
    }

    // An error of TLS that nobody hears ends the process: then this file fails, whatever its tests say.
    it('is listened to again after whatever comes with each of the first things that a node says', async () => {
      const { one, two, next } = await pair();
      let n = next;
      for (const [place, names] of PLACES.entries()) {
        for (const name of names) {
          const played = proxy.spoilOnce(place, SPOILS[name] as (typeof SPOILS)[string]);
          await endsListening(node);
          await played;
          n = await hear(one, two, n);
        }
      }
    });

    it('is closed while garbage comes with the last answers', async () => {
      const { two } = await pair();
      proxy.spoil = withGarbage;
      await two.bus.close();
      proxy.spoil = null;
    });
  });
});
