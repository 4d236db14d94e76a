import type { HubObserver } from '@belfry/hub';
import type { Log } from './log.ts';

/** Who comes and goes, in the log. */
export function hubLog(log: Log): HubObserver {
  return {
    opened: ({ id, tenant, user }, open) => log.debug({ connection: id, tenant, user, open }, 'stream opened'),
    closed: ({ id, tenant, user }, reason, durationMs, open) =>
      log.debug({ connection: id, tenant, user, reason, durationMs, open }, 'stream closed'),
    failed: ({ id, tenant, user }, error) =>
      log.warn({ connection: id, tenant, user, err: error }, 'a stream could not be served'),
  };
}
