import type { Cluster } from 'ioredis';
import type { Link } from '../supervisor.ts';
import type { RedisEnds, RedisLink } from './link.ts';
import type { NodeListener } from './node-listener.ts';

/**
 * A Redis Cluster where each subject lives on the node of its slot. Nodes that come and go are the library's to follow;
 * whenever it has subscribed anew, something may have been missed.
 */
export function shardedLink(cluster: Cluster, ends: RedisEnds): RedisLink {
  cluster.on('subscribersReady', () => ends.onReconnect());
  cluster.on('smessageBuffer', (subject: Buffer, bytes: Buffer) => ends.onMessage(subject.toString('latin1'), bytes));
  return {
    ...linkOf(cluster, ends),
    send: (subject, bytes) => cluster.spublish(subject, bytes),
    subscribe: (subject) => cluster.ssubscribe(subject),
    unsubscribe: (subject) => void cluster.sunsubscribe(subject).catch(() => {}),
  };
}

/** One where each message goes from any node to all: before Redis 7, or where that is all that one may do. */
export function unshardedLink(cluster: Cluster, listener: NodeListener, ends: RedisEnds): RedisLink {
  const nodes = linkOf(cluster, ends);
  return {
    send: (subject, bytes) => cluster.publish(subject, bytes),
    subscribe: (subject) => listener.subscribe(subject),
    unsubscribe: (subject) => listener.unsubscribe(subject),
    ping() {
      // Nothing here is ever said to the wrong node, by which the library would notice that there are others.
      cluster.refreshSlotsCache();
      return Promise.all([nodes.ping(), listener.ping()]);
    },
    end: () => Promise.all([nodes.end(), listener.end()]),
    destroy() {
      listener.disconnect();
      nodes.destroy();
    },
  };
}

function linkOf(cluster: Cluster, ends: RedisEnds): Link {
  cluster.on('error', () => {});
  cluster.on('end', () => ends.onDown('all nodes of the Redis Cluster are gone'));
  return {
    /** A node that refuses is followed by the library; one that is silent is noticed by nobody else. */
    ping: () => Promise.all(cluster.nodes('master').map((node) => node.ping().catch(() => {}))),
    end: () => cluster.quit(),
    destroy() {
      for (const node of cluster.nodes('all')) node.stream?.destroy();
      cluster.disconnect();
    },
  };
}
