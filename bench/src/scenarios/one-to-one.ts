import { measureLoad } from '../generator/load.ts';
import { numbered } from '../generator/sequence.ts';
import type { Goal } from './goal.ts';
import { COMMIT_METRICS, LOAD_METRICS } from './metrics.ts';
import type { Ground, Scenario } from './scenario.ts';

/** So that neighbours in time are not neighbours in anyone's tables. */
export const STRIDE = 379;
/** A batch is one request of many messages, so its code is compiled later. Each peer gets the same. */
const WARMUPS = 8;

export const oneToOne: Scenario = {
  name: 'one-to-one',
  about: (settings) =>
    `Each message goes to one of ${settings.subscribers.toLocaleString('en')} people, a request each. ${settings.inFlight} in flight. Measured after ${warmupOf(settings).toFixed(1)} s.`,
  inFlight: [16, 64],
  peers: ['Belfry', 'nchan', 'better-sse', 'socket.io'],
  metrics: [
    ...LOAD_METRICS.filter(({ key }) => !['deliveriesPerSecond', 'cpuPerDelivery', 'framesPerRead'].includes(key)),
    ...COMMIT_METRICS,
  ],
  goals: [...goals(16, 1 / 4), ...goals(64, 1 / 3)],
  plots: [{ kind: 'bars', key: 'messagesPerSecond' }],
  run(ground) {
    const { subscribers } = ground.settings;
    let to = 0;
    return measureLoad(warmed(ground), subscribers, (open) => {
      to = (to + STRIDE) % subscribers;
      return ground.wire.publish({ to, title: numbered(open(to), 'Ada commented on your story') });
    });
  },
};

export function warmed(ground: Ground): Ground {
  return { ...ground, settings: { ...ground.settings, warmup: warmupOf(ground.settings) } };
}

/** Seconds. */
export function warmupOf({ warmup }: Ground['settings']): number {
  return warmup * WARMUPS;
}

/** better-sse neither stores nor authenticates nor checks: three commits are what storing may add. */
function goals(inFlight: number, share: number): Goal[] {
  const plus = { share: 3, of: 'Belfry', key: 'commitP50' };
  return [
    { peer: 'Belfry', key: 'messagesPerSecond', is: 'at least', target: { share, of: 'better-sse' }, inFlight },
    { peer: 'Belfry', key: 'p50', is: 'at most', target: { share: 1, of: 'better-sse', plus }, inFlight },
  ];
}
