import { measureLoad } from '../generator/load.ts';
import { numbered } from '../generator/sequence.ts';
import { LOAD_METRICS } from './metrics.ts';
import type { Scenario } from './scenario.ts';

/** So that neighbours in time are not neighbours in anyone's tables. */
const STRIDE = 379;

export const oneToOne: Scenario = {
  name: 'one-to-one',
  about: ({ subscribers, inFlight }) =>
    `Each message goes to one of ${subscribers.toLocaleString('en')} people, a request each. ${inFlight} in flight.`,
  inFlight: [16],
  peers: ['Belfry', 'better-sse'],
  metrics: LOAD_METRICS.filter(({ key }) => !['deliveriesPerSecond', 'cpuPerDelivery', 'framesPerRead'].includes(key)),
  run(ground) {
    const { subscribers } = ground.settings;
    let to = 0;
    return measureLoad(ground, subscribers, (open) => {
      to = (to + STRIDE) % subscribers;
      return ground.wire.publish({ to, title: numbered(open(to), 'Ada commented on your story') });
    });
  },
};
