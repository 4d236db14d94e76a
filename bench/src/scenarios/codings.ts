import { type PIECES, codings as peers } from '../peers/codings.ts';
import type { Metric, Scenario } from './scenario.ts';

const NAMES: Readonly<Record<keyof typeof PIECES, string>> = {
  event: 'one event',
  few: 'four',
  state: 'a state of sixteen',
  burst: 'a burst of sixty-four',
};

/** Why streams are compressed only where that is asked for, and by which coding. */
export const codings: Scenario = {
  name: 'codings',
  about: () =>
    'What it costs to compress a piece of a stream once, for all who get it, and what is left of it. What one event costs is to be held against the server CPU of a delivery (broadcast, 1 in flight): mostly it goes to one person.',
  inFlight: [0],
  peers: peers.map(({ name }) => name),
  metrics: Object.entries(NAMES).flatMap(([key, name]): Metric[] => [
    { key: `${key}Us`, label: `${name}, µs`, digits: 1, better: 'lower' },
    { key: `${key}Part`, label: `${name}, % of its bytes`, digits: 0, better: 'lower' },
  ]),
  run: () => Promise.reject(new Error('There is no server to load.')),
};
