import type { Cluster, Redis } from 'ioredis';

/**
 * A TLS socket may tell of a second error: what the server says to the first, for one. The library hears the first only,
 * and an error that nobody hears ends the process.
 */
export function hearErrors(client: Redis | Cluster): void {
  if ('nodes' in client) client.on('+node', hearErrors);
  else client.on('connect', () => client.stream?.on('error', () => {}));
}
