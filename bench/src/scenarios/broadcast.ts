import type { Settings } from '../figures.ts';
import { measureLoad } from '../generator/load.ts';
import type { Compose } from '../generator/publishers.ts';
import { numbered } from '../generator/sequence.ts';
import { COMMIT_METRICS, LOAD_METRICS } from './metrics.ts';
import type { Scenario } from './scenario.ts';

/**
 * One at a time, so few are published a second that a server's code would be compiled while it is measured, on the same
 * core. So thousands go before, several in flight, for as long as the warm-up itself.
 */
const WARMUPS_ONE_BY_ONE = 4;
const RUSH_IN_FLIGHT = 16;

export const broadcast: Scenario = {
  name: 'broadcast',
  about: ({ subscribers, ...settings }) =>
    `Each message goes to all of ${subscribers.toLocaleString('en')} people, one stream each. ${settings.inFlight} in flight: published and not yet received by all. Measured after ${warmup(settings).toFixed(1)} s${settings.inFlight === 1 ? `, and before that as much with ${RUSH_IN_FLIGHT} in flight` : ''}.`,
  inFlight: [1, 64],
  isToAll: true,
  peers: ['Belfry', 'nchan', 'better-sse', 'socket.io'],
  metrics: [...LOAD_METRICS, ...COMMIT_METRICS],
  goals: [
    {
      ...{ peer: 'Belfry', key: 'deliveriesPerSecond', is: 'at least', inFlight: 64 },
      target: { share: 8, of: 'nchan' },
    },
    { peer: 'Belfry', key: 'cpuPerDelivery', is: 'at most', target: { share: 1, of: 'nchan' }, inFlight: 1 },
    {
      ...{ peer: 'Belfry', key: 'p99', is: 'at most', inFlight: 1 },
      target: { share: 1, of: 'nchan', plus: { share: 1, of: 'Belfry', key: 'commitP99' } },
    },
  ],
  plots: [
    { kind: 'bars', key: 'deliveriesPerSecond' },
    { kind: 'bars', key: 'cpuPerDelivery' },
  ],
  run(ground) {
    const settings = { ...ground.settings, warmup: warmup(ground.settings) };
    const compose: Compose = (open) =>
      ground.wire.publish({ to: 'all', title: numbered(open('all'), 'Ada commented on your story') });
    const rush = settings.inFlight === 1 ? { inFlight: RUSH_IN_FLIGHT, seconds: settings.warmup } : null;
    return measureLoad({ ...ground, settings }, settings.subscribers, compose, null, rush);
  },
};

function warmup({ inFlight, warmup }: Pick<Settings, 'inFlight' | 'warmup'>): number {
  return inFlight === 1 ? warmup * WARMUPS_ONE_BY_ONE : warmup;
}
