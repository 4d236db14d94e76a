import { busContract } from '@belfry/contract-tests/bus';
import { isMissing, POSTGRES, startPostgres } from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import { describe } from 'vitest';

describe.skipIf(isMissing(POSTGRES))('on a real server', () => {
  busContract('Postgres', {
    engine: () => startPostgres(),
    open: (databaseUrl, options) => openBus('postgres', { ...options, databaseUrl }),
    carriesEvents: false,
    takesProxies: true,
  });
});
