import type { GrowthLoad } from '../generator/growth-load.ts';
import { numbered } from '../generator/sequence.ts';
import type { Item, Wire } from '../peers/peer.ts';
import { STRIDE } from './one-to-one.ts';

/** Something that is done at each size, and what it costs the server. */
export interface Cost {
  key: string;
  label: string;
  unit: 'µs' | 'ms' | 'MB';
  /**
   * What is more than for a few people. It comes before all else and with nothing stored, as a process gives little back,
   * and code is new again after it.
   */
  isOverFew?: boolean;
  measure: (load: GrowthLoad, at: At) => Promise<number>;
}

/** What there is at one size. */
export interface At {
  wire: Wire;
  people: number;
  /** Of the person whose inbox is asked for. */
  topics: readonly string[];
  /** Who are spread over so many tenants. */
  tenants: number;
}

const TITLE = 'Ada commented on your story';
const PERSON = 1;
const BATCH = 500;
const WARM_BATCHES = 5;
const BATCHES = 25;

/** Those of all people together: where they are what grows, n log n is the most for these. */
export const connectAll: Cost = {
  ...{ key: 'connect', label: 'CPU to connect all, with `state`', unit: 'ms' },
  measure: (load) => load.connect(),
};

export const resumeAll: Cost = {
  ...{ key: 'resume', label: 'CPU to resume all', unit: 'ms' },
  measure: (load) => load.comeBack(),
};

export const memory: Cost = {
  ...{ key: 'memory', label: 'memory of all streams', unit: 'MB', isOverFew: true },
  measure: async (load) => (await load.resident()) / 1_024,
};

export const heartbeats: Cost = {
  ...{ key: 'idle', label: 'CPU for the heartbeats of all, a second', unit: 'ms' },
  measure: (load) => load.idle(),
};

export const toAll: Cost = {
  ...{ key: 'toAll', label: 'CPU of a message to all', unit: 'µs' },
  measure: async (load, { wire }) =>
    (await load.publish((open) => wire.publish({ to: 'all', title: numbered(open('all'), TITLE) }))) * 1_000,
};

export const toOne: Cost = {
  ...{ key: 'toOne', label: 'CPU of a message to one', unit: 'µs' },
  measure: async (load, { wire, people }) => {
    let to = 0;
    const next = () => {
      to = (to + STRIDE) % people;
      return to;
    };
    const cpu = await load.publish((open) => {
      const user = next();
      return wire.publish({ to: user, title: numbered(open(user), TITLE) });
    });
    return cpu * 1_000;
  },
};

export const toEach: Cost = {
  ...{ key: 'toEach', label: 'CPU of a message to each of them', unit: 'ms' },
  measure: async (load, at) => ((await toOne.measure(load, at)) * at.people) / 1_000,
};

/** Each to people of the next tenant, who are not connected: what is asked for is what storing costs. */
export const inBatches: Cost = {
  ...{ key: 'batch', label: 'CPU of a notification in batches', unit: 'µs' },
  measure: async (load, at) => {
    const batches = Array.from({ length: WARM_BATCHES + BATCHES }, (_, number) => batchFor(at, number % at.tenants));
    await load.store(batches.slice(0, WARM_BATCHES));
    return (await load.store(batches.slice(WARM_BATCHES))) * 1_000;
  },
};

function batchFor({ people, tenants }: At, tenant: number): Item[] {
  const user = (index: number) => (people + index) * tenants + tenant;
  return Array.from({ length: BATCH }, (_, index) => ({ to: user(index), title: numbered(0, TITLE) }));
}

export const page: Cost = {
  ...{ key: 'page', label: 'CPU of the first page of an inbox, with counts', unit: 'µs' },
  measure: async (load, { wire, topics }) => (await load.ask(wire.inbox?.page(PERSON, topics) ?? '')) * 1_000,
};

export const restart: Cost = {
  ...{ key: 'restart', label: 'CPU from start to ready', unit: 'ms' },
  measure: (load) => load.restart(),
};
