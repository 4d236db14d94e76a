import { measureLoad } from '../generator/load.ts';
import { MACHINE_BUSY, STORE_METRICS } from './metrics.ts';
import type { Scenario } from './scenario.ts';
import { composeSpread, connected, ONE_CONNECTED_IN, people, perNotification } from './spread.ts';

/** As of the relay: the code of a request is compiled later than that of a batch, and a server runs for longer than that. */
const WARMUPS = 4;

export const postgresSingle: Scenario = {
  name: 'postgres-single',
  about: (settings) =>
    `Requests of one notification each, to ${people(settings).toLocaleString('en')} people in turn, of whom one in ${ONE_CONNECTED_IN} has a stream open. ${settings.inFlight} requests in flight; ${settings.inFlight} clients of pgbench (-c), which has no requests, no streams and no checks between itself and the same Postgres. Measured after ${(settings.warmup * WARMUPS).toFixed(1)} s.`,
  inFlight: [64],
  peers: ['Belfry-Postgres', 'pgbench'],
  metrics: [
    { key: 'requestsPerSecond', label: 'durable publishes/s, or transactions/s', digits: 0, better: 'higher' },
    ...STORE_METRICS.filter(({ key }) => !['storedPerSecond', 'requestsPerSecond'].includes(key)),
    MACHINE_BUSY,
  ],
  goals: [{ peer: 'Belfry-Postgres', key: 'requestsPerSecond', is: 'at least', target: { share: 0.5, of: 'pgbench' } }],
  async run(ground) {
    const { wire } = ground;
    const settings = { ...ground.settings, warmup: ground.settings.warmup * WARMUPS };
    const figures = await measureLoad({ ...ground, settings }, connected(settings), composeSpread(wire, settings));
    return { ...figures, ...perNotification(figures, 1) };
  },
};
