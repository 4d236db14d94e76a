import { batch } from './batch.ts';
import { MACHINE_BUSY } from './metrics.ts';
import type { Scenario } from './scenario.ts';

/** The same as on SQLite. */
export const postgresBatch: Scenario = {
  ...batch,
  name: 'postgres-batch',
  inFlight: [4],
  peers: ['Belfry-Postgres'],
  metrics: [...batch.metrics, MACHINE_BUSY],
  goals: [{ peer: 'Belfry-Postgres', key: 'storedPerSecond', is: 'at least', target: 50_000 }],
};
