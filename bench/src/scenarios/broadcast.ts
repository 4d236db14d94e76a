import { measureLoad } from '../generator/load.ts';
import { numbered } from '../generator/sequence.ts';
import { LOAD_METRICS } from './metrics.ts';
import type { Scenario } from './scenario.ts';

export const broadcast: Scenario = {
  name: 'broadcast',
  about: ({ subscribers, inFlight }) =>
    `Each message goes to all of ${subscribers.toLocaleString('en')} people, one stream each. ${inFlight} in flight: published and not yet received by all.`,
  inFlight: [1, 64],
  peers: ['Belfry', 'better-sse'],
  metrics: LOAD_METRICS,
  run(ground) {
    return measureLoad(ground, ground.settings.subscribers, (open) =>
      ground.wire.publish({ to: 'all', title: numbered(open('all'), 'Ada commented on your story') }),
    );
  },
};
