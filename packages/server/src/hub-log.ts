import type { BusObserver, HubObserver } from '@belfry/hub';
import type { Log } from './log.ts';

/** Who comes and goes, and what is sent to how many, in the log. */
export function hubLog(log: Log): HubObserver {
  return {
    opened: ({ id, tenant, user }, open) => {
      if (isDebugged(log)) log.debug({ connection: id, tenant, user, open }, 'stream opened');
    },
    closed: ({ id, tenant, user }, reason, durationMs, open) => {
      if (isDebugged(log)) log.debug({ connection: id, tenant, user, reason, durationMs, open }, 'stream closed');
    },
    delivers: ({ tenant, run, n, type }, countReaders) => {
      if (isDebugged(log)) log.debug({ tenant, run, n, type, connections: countReaders() }, 'event sent');
    },
    failed: ({ id, tenant, user }, error) =>
      log.warn({ connection: id, tenant, user, err: error }, 'a stream could not be served'),
    storeLost: (error) =>
      log.error(
        { err: error },
        'the database does not answer; open streams wait for it, and publishes are told to retry',
      ),
    storeBack: (awayMs) => log.info({ awayMs }, 'the database answers again'),
  };
}

/** In doubt it is said, and the log drops it. */
function isDebugged(log: Log): boolean {
  return log.isLevelEnabled?.('debug') !== false;
}

/** One line for each outage of the bus, and one for its end. */
export function busLog(log: Log): BusObserver {
  return {
    busLost: (reason) =>
      log.warn({ reason }, 'the bus is lost; what other processes publish arrives up to 2 s late until it is back'),
    busBack: (awayMs, counters) => log.info({ awayMs, ...counters }, 'the bus is back'),
  };
}
