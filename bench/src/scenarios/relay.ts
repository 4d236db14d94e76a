import { endsOf, measureLoad } from '../generator/load.ts';
import { Pace } from '../generator/pace.ts';
import { numbered } from '../generator/sequence.ts';
import type { Goal } from './goal.ts';
import { loadMetrics, MACHINE_BUSY } from './metrics.ts';
import type { Scenario } from './scenario.ts';
import { connected } from './spread.ts';

/** Room for a tenth of a second at the usual rate; what is due beyond it waits, and its time runs. */
const LANES = 64;
/** At this pace a server's code is compiled later than under full load, and compiling is what the slowest wait for. */
const WARMUPS = 8;

export const relay: Scenario = {
  name: 'relay',
  about: (settings) =>
    `Two Belfrys on one Postgres. ${settings.rate} messages a second by the clock are published to the first, each to one of ${connected(settings)} people, who all have their streams at the second. At most ${LANES} are in flight; the time of one that had to wait for that counts from when it was due. Both servers share the servers' core. Measured after ${(settings.warmup * WARMUPS).toFixed(1)} s.`,
  inFlight: [0],
  servers: 2,
  peers: ['Belfry-Redis', 'Belfry-NATS', 'Belfry-Postgres'],
  metrics: [
    { key: 'requestsPerSecond', label: 'messages published/s', digits: 1, better: null },
    ...loadMetrics('p50', 'p99'),
    { key: 'longest', label: 'sent to received, longest, ms', digits: 2, better: 'lower' },
    ...loadMetrics('answerP50'),
    { key: 'answerP99', label: 'sent to answered, p99, ms', digits: 2, better: 'lower' },
    { key: 'cpuFollowing', label: 'CPU a message of the server with the streams, µs', digits: 0, better: 'lower' },
    { key: 'late', label: 'messages that had to wait', digits: 0, better: null },
    ...loadMetrics('serverBusy', 'generatorBusy', 'verified', 'missing', 'doubled'),
    MACHINE_BUSY,
  ],
  goals: [...within('Belfry-Redis', 5, 25), ...within('Belfry-NATS', 5, 25), ...within('Belfry-Postgres', 10, 50)],
  run(ground) {
    requireTwo(ground);
    const settings = { ...ground.settings, inFlight: LANES, warmup: ground.settings.warmup * WARMUPS };
    const streams = connected(settings);
    let to = 0;
    const compose = (open: (target: number) => number) => {
      to = (to + 1) % streams;
      return ground.wire.publish({ to, title: numbered(open(to), 'Ada commented on your story') });
    };
    return measureLoad({ ...ground, settings }, streams, compose, new Pace(settings.rate));
  },
};

/** Beside relay, whose figures are those of the goals: it shows what of them is the core that both servers share. */
export const relaySpread: Scenario = {
  ...relay,
  name: 'relay-spread',
  about: (settings) =>
    `The same as relay, but each of the two servers has a core: the first that of the servers, the second that of the generator. ${settings.rate} messages a second to ${connected(settings)} people, measured after ${(settings.warmup * WARMUPS).toFixed(1)} s.`,
  isSpread: true,
  goals: [],
};

function within(peer: string, p50: number, p99: number): Goal[] {
  return [
    { peer, key: 'p50', is: 'at most', target: p50 },
    { peer, key: 'p99', is: 'at most', target: p99 },
  ];
}

function requireTwo(ground: Parameters<typeof endsOf>[0]): void {
  const [first, last] = endsOf(ground);
  if (first === last) throw new Error('The relay needs two servers.');
}
