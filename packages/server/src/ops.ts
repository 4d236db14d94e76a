import { BelfryError } from '@belfry/protocol';
import type { Services } from './http/route.ts';

/** What an operator's tools ask of anybody's process, all day long and without a credential. */
export const OPS: Readonly<Record<string, (services: Services) => Promise<{ status: string }>>> = {
  '/healthz': async () => ({ status: 'ok' }),
  '/readyz': async ({ core, hub }) => {
    if (hub.isDraining) throw new BelfryError('unavailable', 'This process is leaving.');
    await core.store.read('ping', {});
    return { status: 'ready' };
  },
};
