import { busContract } from '@belfry/contract-tests/bus';
import { isMissing, REDIS, startRedis } from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import { describe } from 'vitest';

describe.skipIf(isMissing(REDIS))('on a real server', () => {
  busContract('Redis', {
    engine: () => startRedis(),
    open: (url, options) => openBus(url, options),
    carriesEvents: true,
    takesProxies: true,
  });
});
