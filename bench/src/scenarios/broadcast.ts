import { measureLoad } from '../generator/load.ts';
import { numbered } from '../generator/sequence.ts';
import { COMMIT_METRICS, LOAD_METRICS } from './metrics.ts';
import type { Scenario } from './scenario.ts';

export const broadcast: Scenario = {
  name: 'broadcast',
  about: ({ subscribers, inFlight }) =>
    `Each message goes to all of ${subscribers.toLocaleString('en')} people, one stream each. ${inFlight} in flight: published and not yet received by all.`,
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
    return measureLoad(ground, ground.settings.subscribers, (open) =>
      ground.wire.publish({ to: 'all', title: numbered(open('all'), 'Ada commented on your story') }),
    );
  },
};
