import { busContract } from '@belfry/contract-tests/bus';
import { isMissing, NATS, startNats } from '@belfry/contract-tests/services';
import { openBus } from '@belfry/drivers/bus';
import { describe } from 'vitest';

describe.skipIf(isMissing(NATS))('on a real server', () => {
  busContract('NATS', {
    engine: () => startNats(),
    open: (url, options) => openBus(url, options),
    carriesEvents: true,
    takesProxies: true,
  });
});
