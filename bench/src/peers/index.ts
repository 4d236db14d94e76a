import { bare } from './bare.ts';
import {
  belfry,
  belfryBuilt,
  belfryNats,
  belfryPostgres,
  belfryPostgresBuilt,
  belfryRedis,
  belfryWorkers,
} from './belfry.ts';
import { betterSse } from './better-sse.ts';
import { codings } from './codings.ts';
import { nchan } from './nchan.ts';
import { isYardstick, type Peer, type ServerPeer } from './peer.ts';
import { pgbench } from './pgbench.ts';
import { socketIo } from './socket-io.ts';

/** In the order of the columns: the first of a scenario is compared with its others. */
export const PEERS: readonly Peer[] = [
  belfry,
  nchan,
  betterSse,
  socketIo,
  bare,
  belfryBuilt,
  belfryPostgres,
  belfryPostgresBuilt,
  pgbench,
  belfryRedis,
  belfryNats,
  belfryWorkers,
  ...codings,
];

export function peerNamed(name: string): Peer | undefined {
  return PEERS.find((peer) => peer.name.toLowerCase() === name.toLowerCase());
}

/** One that has a server. Throws where there is none of that name. */
export function serverPeer(name: string): ServerPeer {
  const peer = peerNamed(name);
  if (peer === undefined || isYardstick(peer)) throw new Error(`There is no server called ${name}.`);
  return peer;
}
