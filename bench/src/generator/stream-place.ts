import type { StreamWire } from '../peers/peer.ts';

export type StreamPlace = Exclude<Parameters<StreamWire['stream']>[1], undefined>;

/** Where a stream stood when it became ready, for coming back to it. */
export function placeIn(opening: string): StreamPlace {
  const id = opening.lastIndexOf('\nid: ');
  const access = /"access":"([^"]*)"/.exec(opening)?.[1] ?? '';
  const end = opening.indexOf('\n', id + 1);
  return { cursor: id === -1 ? '' : opening.slice(id + '\nid: '.length, end === -1 ? undefined : end).trim(), access };
}
