import type { Cluster } from 'ioredis';
import type { RedisEnds, RedisLink } from './link.ts';

/**
 * A Redis Cluster: each subject lives on the node of its slot where the server shards, else on all of them. Nodes that
 * come and go are the library's to follow; whenever it has subscribed anew, something may have been missed.
 */
export function clusterLink(cluster: Cluster, isSharded: boolean, ends: RedisEnds): RedisLink {
  cluster.on('error', () => {});
  cluster.on('end', () => ends.onDown('all nodes of the Redis Cluster are gone'));
  cluster.on('subscribersReady', () => ends.onReconnect());
  cluster.on(isSharded ? 'smessageBuffer' : 'messageBuffer', (subject: Buffer, bytes: Buffer) =>
    ends.onMessage(subject.toString('latin1'), bytes),
  );
  return {
    send: (subject, bytes) => (isSharded ? cluster.spublish(subject, bytes) : cluster.publish(subject, bytes)),
    subscribe: (subject) => (isSharded ? cluster.ssubscribe(subject) : cluster.subscribe(subject)),
    unsubscribe(subject) {
      const done = isSharded ? cluster.sunsubscribe(subject) : cluster.unsubscribe(subject);
      done.catch(() => {});
    },
    /** A node that refuses is followed by the library; one that is silent is noticed by nobody else. */
    ping: () => Promise.all(cluster.nodes('master').map((node) => node.ping().catch(() => {}))),
    end: () => cluster.quit(),
    destroy() {
      for (const node of cluster.nodes('all')) node.stream?.destroy();
      cluster.disconnect();
    },
  };
}
