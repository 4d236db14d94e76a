import { belfry } from './belfry.ts';
import { betterSse } from './better-sse.ts';
import type { Peer } from './peer.ts';

/** Belfry first: the others are what it is compared with. */
export const PEERS: readonly Peer[] = [belfry, betterSse];

export function peerNamed(name: string): Peer | undefined {
  return PEERS.find((peer) => peer.name.toLowerCase() === name.toLowerCase());
}
