import type { Channel } from '@belfry/protocol';

/** Up to where there is nothing to be found: on every channel, and on some further up. */
export interface Floor {
  whole: number;
  byChannel: ReadonlyMap<Channel, number>;
}

export const GROUND: Floor = { whole: 0, byChannel: new Map() };

export function floorOn(floor: Floor, channel: Channel): number {
  return Math.max(floor.whole, floor.byChannel.get(channel) ?? 0);
}

export function topOf({ whole, byChannel }: Floor): number {
  return Math.max(whole, ...byChannel.values());
}

/** On each channel the higher of the two. */
export function higher(one: Floor, other: Floor): Floor {
  const byChannel = new Map(one.byChannel);
  for (const [channel, n] of other.byChannel) byChannel.set(channel, Math.max(n, byChannel.get(channel) ?? 0));
  return { whole: Math.max(one.whole, other.whole), byChannel };
}
