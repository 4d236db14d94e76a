import { measureLoad } from '../generator/load.ts';
import { STORE_METRICS } from './metrics.ts';
import type { Scenario } from './scenario.ts';
import { composeBatches, connected, ONE_CONNECTED_IN, people, perNotification } from './spread.ts';

export const batch: Scenario = {
  name: 'batch',
  about: ({ inFlight, ...settings }) =>
    `Requests of ${settings.batchSize.toLocaleString('en')} notifications to ${people({ inFlight, ...settings }).toLocaleString('en')} people in turn, of whom one in ${ONE_CONNECTED_IN} has a stream open. ${inFlight} requests in flight.`,
  inFlight: [2],
  peers: ['Belfry'],
  metrics: STORE_METRICS,
  goals: [{ peer: 'Belfry', key: 'storedPerSecond', is: 'at least', target: 50_000 }],
  async run(ground) {
    const { settings, wire } = ground;
    const figures = await measureLoad(ground, connected(settings), composeBatches(wire, settings));
    return { ...figures, ...perNotification(figures, settings.batchSize) };
  },
};
