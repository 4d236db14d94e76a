import { fill } from '../generator/filler.ts';
import { endsOf } from '../generator/load.ts';
import { numbered } from '../generator/sequence.ts';
import type { Wire } from '../peers/peer.ts';
import { growing } from './growing.ts';
import {
  connectAll,
  heartbeats,
  inBatches,
  memory,
  page,
  restart,
  resumeAll,
  toAll,
  toEach,
  toOne,
} from './growth-costs.ts';
import { SIZES } from './growth-sizes.ts';
import type { Ground } from './scenario.ts';

const PEOPLE = 1_000;
const TOPICS = 6;
const TENANTS = 5;
const ROWS = 50_000;
/** Of the rows each of the people has so many, whatever grows. */
const OWN = 20;
/** Who have the others. */
const OTHERS = 10_000;

export const growthSubscribers = growing({
  name: 'growth-subscribers',
  about: 'What is done for all of them together, n log n would be the most for.',
  peer: 'Belfry',
  of: 'subscribers',
  amount: (size) => PEOPLE * size,
  at: ({ wire }, size) => ({ wire, people: PEOPLE * size, topics: [], tenants: 1 }),
  costs: [connectAll, resumeAll, memory, heartbeats, toAll, toEach],
});

export const growthChannels = growing({
  name: 'growth-channels',
  about: `${PEOPLE.toLocaleString('en')} people, who hold so many topics each; ${ROWS.toLocaleString('en')} notifications are spread over the most of these.`,
  peer: 'Belfry',
  of: 'topics a person',
  amount: (size) => TOPICS * size,
  at: ({ wire }, size) => ({
    ...{ wire: { ...wire, ...wire.withTopics?.(TOPICS * size) }, people: PEOPLE },
    ...{ topics: topicsUpTo(TOPICS * size), tenants: 1 },
  }),
  grow: async (ground, size) => {
    if (size !== SIZES[0]) return 0;
    const topics = topicsUpTo(TOPICS * (SIZES.at(-1) as number));
    return store(ground, ROWS, (number) => ({ topic: topics[number % topics.length] as string }));
  },
  costs: [connectAll, resumeAll, memory, toOne, page],
});

export const growthTenants = growing({
  name: 'growth-tenants',
  about: `${PEOPLE.toLocaleString('en')} people, spread over so many tenants.`,
  peer: 'Belfry',
  of: 'tenants',
  amount: (size) => TENANTS * size,
  at: ({ wire }, size) => ({
    ...{ wire: inTenants(wire, TENANTS * size), people: PEOPLE },
    topics: [],
    tenants: TENANTS * size,
  }),
  costs: [connectAll, resumeAll, toOne, inBatches],
});

export const growthRows = growing({
  name: 'growth-rows',
  about: `${PEOPLE.toLocaleString('en')} people, who have ${OWN} each of so many notifications that their tenant has stored; the others have the rest.`,
  // From the source, to read it is most of a start.
  peer: 'Belfry-built',
  of: 'notifications stored',
  amount: (size) => ROWS * size,
  at: ({ wire }) => ({ wire, people: PEOPLE, topics: [], tenants: 1 }),
  grow: (ground, size, stored) => {
    const own = size === SIZES[0] ? OWN * PEOPLE : 0;
    const whose = (number: number) => (number < own ? number % PEOPLE : PEOPLE + (number % OTHERS));
    return store(ground, ROWS * size - stored, whose);
  },
  costs: [connectAll, resumeAll, toAll, toOne, inBatches, page, restart],
});

function inTenants(wire: Wire, count: number): Wire {
  return { ...wire, ...wire.inTenants?.(count) };
}

function topicsUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `project-${index}`);
}

type To = (number: number) => number | { topic: string };

async function store(ground: Ground, count: number, toOf: To): Promise<number> {
  const title = numbered(0, 'Ada commented on your story');
  await fill(endsOf(ground)[0], ground.wire, count, (number) => ({ to: toOf(number), title }));
  return count;
}
