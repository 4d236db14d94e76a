import { broadcast } from './broadcast.ts';
import { loadMetrics } from './metrics.ts';
import type { Scenario } from './scenario.ts';

/** Is what is measured the servers, or the one who measures? */
export const generator: Scenario = {
  ...broadcast,
  name: 'generator',
  about: ({ subscribers, inFlight }) =>
    `What the generator can take: the broadcast to ${subscribers.toLocaleString('en')} with ${inFlight} in flight, from a server that only writes, with frames as long as Belfry's. A server that stays below it was not held up by the generator; whichever of server and generator is busier there is what ends at that figure.`,
  inFlight: [64],
  mostRounds: 1,
  peers: ['Belfry', 'bare'],
  metrics: loadMetrics(
    ...['deliveriesPerSecond', 'cpuPerDelivery', 'p50', 'p99', 'frameBytes', 'framesPerRead'],
    ...['serverBusy', 'generatorBusy', 'verified', 'missing', 'doubled'],
  ),
  goals: [{ peer: 'Belfry', key: 'generatorBusy', is: 'at most', target: 90 }],
  plots: [],
};
