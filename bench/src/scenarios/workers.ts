import { COMMIT_METRICS } from './metrics.ts';
import { oneToOne, warmupOf } from './one-to-one.ts';
import type { Scenario } from './scenario.ts';

/** Whatever process a stream and a request come to: each message comes to whom it is for, once. */
export const workers: Scenario = {
  ...oneToOne,
  name: 'workers',
  about: (settings) =>
    `One-to-one on Postgres, in one process and in several behind one port. Each message goes to one of ${settings.subscribers.toLocaleString('en')} people, a request each, ${settings.inFlight} in flight. Each process has a core where the machine has as many beside the generator's and what Postgres needs; on two cores all are on one, and it shows what several cost and not what they bring. Measured after ${warmupOf(settings).toFixed(1)} s.`,
  inFlight: [64],
  // What looks into a process would look into the one that only hands out connections.
  looks: 'none',
  peers: ['Belfry-workers', 'Belfry-Postgres'],
  metrics: oneToOne.metrics.filter((metric) => !COMMIT_METRICS.includes(metric)),
  goals: [],
  plots: [],
};
