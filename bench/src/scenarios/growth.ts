import type { Figures } from '../figures.ts';
import { endsOf, measureLoad } from '../generator/load.ts';
import { numbered } from '../generator/sequence.ts';
import { Subscribers } from '../generator/subscribers.ts';
import type { Wire } from '../peers/peer.ts';
import { cpuMs } from '../processes/usage.ts';
import { growthMetrics, keyAt, N_LOG_N, orderIn, SIZES } from './growth-sizes.ts';
import { loadMetrics } from './metrics.ts';
import { STRIDE } from './one-to-one.ts';
import type { Ground, Scenario } from './scenario.ts';

const PEER = 'Belfry';
const IN_FLIGHT = 16;
const SUBSCRIBERS = 250;
const STREAMS = 800;
const TOPICS = 6;

/** A cost that is measured at each size. */
interface Cost {
  what: string;
  label: string;
  unit: string;
}

interface Growing {
  name: string;
  about: string;
  /** What grows, and how much of it there is at a size. */
  of: string;
  at: (size: number) => number;
  costs: Cost[];
  measure: (ground: Ground, size: number) => Promise<Figures>;
}

const message: Cost = { what: 'message', label: 'server CPU a message', unit: 'µs' };
const connect: Cost = { what: 'connect', label: 'server CPU a connect', unit: 'µs' };

export const growthSubscribers = growing({
  name: 'growth-subscribers',
  about: `Messages to all, ${IN_FLIGHT} in flight.`,
  of: 'subscribers',
  at: (size) => SUBSCRIBERS * size,
  costs: [message, connect],
  measure: (ground, size) => broadcastTo(ground, SUBSCRIBERS * size),
});

export const growthChannels = growing({
  name: 'growth-channels',
  about: `${STREAMS} people, who hold so many topics each. Messages to one of them each, ${IN_FLIGHT} in flight.`,
  of: 'topics a person',
  at: (size) => TOPICS * size,
  costs: [message, connect],
  measure: (ground, size) => oneToOneOn(ground, ground.wire.withTopics?.(TOPICS * size)),
});

export const growthTenants = growing({
  name: 'growth-tenants',
  about: `${STREAMS} people, spread over so many tenants. Messages to one of them each, ${IN_FLIGHT} in flight.`,
  of: 'tenants',
  at: (size) => size,
  costs: [message, connect],
  measure: (ground, size) => oneToOneOn(ground, ground.wire.inTenants?.(size)),
});

function growing({ name, about, of, at, costs, measure }: Growing): Scenario {
  const count = (size: number) => `${at(size).toLocaleString('en')} ${of}`;
  return {
    name,
    about: () =>
      `How cost grows with ${of}: ${SIZES.map((size) => at(size).toLocaleString('en')).join(', ')}. ${about} The order is the power of it by which the cost grows, by the line that fits best on logarithmic axes; n log n comes to ${N_LOG_N}.`,
    inFlight: [0],
    mostRounds: 1,
    limitMs: 240_000,
    peers: [PEER],
    metrics: [
      ...costs.flatMap(({ what, label, unit }) => growthMetrics(what, `${label}, ${unit}`, count, 0)),
      ...loadMetrics('verified', 'missing', 'doubled'),
    ],
    goals: costs.map(({ what }) => ({ peer: PEER, key: `${what}Order`, is: 'at most', target: N_LOG_N })),
    plots: [
      {
        ...{ kind: 'curves', name, title: `Cost by ${of}`, x: of, y: 'server CPU, µs' },
        curves: costs.map(({ what, label }) => ({
          ...{ peer: PEER, label },
          points: SIZES.map((size) => ({ x: at(size), key: keyAt(what, size) })),
        })),
      },
    ],
    async run(ground) {
      // The first of all pays for what is compiled later.
      await measure(ground, SIZES[0]);
      const figures: Figures = { verified: 0, missing: 0, doubled: 0 };
      for (const size of SIZES) {
        const measured = await measure(ground, size);
        for (const { what } of costs) figures[keyAt(what, size)] = measured[what] ?? Number.NaN;
        for (const key of ['verified', 'missing', 'doubled']) figures[key] = (figures[key] ?? 0) + (measured[key] ?? 0);
      }
      return Object.assign(figures, ...costs.map(({ what }) => orderIn(figures, what)));
    },
  };
}

async function broadcastTo(ground: Ground, streams: number): Promise<Figures> {
  const connecting = await costOfConnecting(ground, streams);
  const figures = await measureLoad(withLanes(ground), streams, (open) =>
    ground.wire.publish({ to: 'all', title: numbered(open('all'), 'Ada commented on your story') }),
  );
  return { ...figures, connect: connecting, message: figures.cpuPerMessage ?? Number.NaN };
}

async function oneToOneOn(ground: Ground, wire: Wire | undefined): Promise<Figures> {
  if (wire === undefined) throw new Error('This peer has neither topics nor tenants.');
  const own = { ...ground, wire };
  const connecting = await costOfConnecting(own, STREAMS);
  let to = 0;
  const figures = await measureLoad(withLanes(own), STREAMS, (open) => {
    to = (to + STRIDE) % STREAMS;
    return wire.publish({ to, title: numbered(open(to), 'Ada commented on your story') });
  });
  return { ...figures, connect: connecting, message: figures.cpuPerMessage ?? Number.NaN };
}

function withLanes(ground: Ground): Ground {
  return { ...ground, settings: { ...ground.settings, inFlight: IN_FLIGHT } };
}

/** Microseconds of the server's CPU for each stream that is opened. */
async function costOfConnecting(ground: Ground, count: number): Promise<number> {
  const [server] = endsOf(ground);
  const streams = new Subscribers(ground.wire, server, () => {});
  try {
    const before = cpuMs(server.pid);
    await streams.open(count);
    return ((cpuMs(server.pid) - before) * 1_000) / count;
  } finally {
    streams.close();
  }
}
