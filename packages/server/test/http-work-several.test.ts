import { startSeveral, workHttpContract } from '@belfry/contract-tests/http';
import { isMissing, POSTGRES, REDIS } from '@belfry/contract-tests/services';
import { describe } from 'vitest';

// Needs what startPostgres and startRedis start.
describe.skipIf([POSTGRES, REDIS].some(isMissing))('two processes on Postgres and Redis', () => {
  workHttpContract((settings) => startSeveral(2, settings));
});
