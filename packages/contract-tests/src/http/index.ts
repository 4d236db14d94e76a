import { describe } from 'vitest';
import { inboxContract } from './inbox.ts';
import { eventsContract } from './events.ts';
import { devicesContract } from './devices.ts';
import { ticketsContract } from './tickets.ts';
import { keysContract } from './keys.ts';
import { streamContract } from './stream.ts';
import { resumeContract } from './resume.ts';
import { badInputContract } from './bad-input.ts';
import { tenantsContract } from './tenants.ts';
import { ALLOWED_ORIGIN, accessContract } from './access.ts';
import { opsContract } from './ops.ts';
import { fuzzContract } from './fuzz.ts';
import { idempotencyContract } from './idempotency.ts';
import { notificationsContract } from './notifications.ts';
import type { StartHttp } from './support/harness.ts';
import { streamLifeContract } from './stream-life.ts';
import { worldsOn } from './support/worlds.ts';

export { Caller } from './support/caller.ts';
export { StreamReader } from './support/stream-reader.ts';
export type { Claims, HttpHarness, HttpSettings, StartHttp } from './support/harness.ts';

/** What every Belfry server must do over HTTP, whatever it runs on. */
export function httpContract(start: StartHttp): void {
  describe('the HTTP contract', () => {
    const newWorld = worldsOn(start, { corsOrigins: [ALLOWED_ORIGIN] });
    notificationsContract(newWorld);
    idempotencyContract(newWorld);
    fuzzContract(newWorld);
    opsContract(newWorld);
    accessContract(newWorld);
    tenantsContract(newWorld);
    badInputContract(newWorld);
    resumeContract(newWorld);
    streamContract(newWorld);
    keysContract(newWorld);
    ticketsContract(newWorld);
    devicesContract(newWorld);
    eventsContract(newWorld);
    inboxContract(newWorld);
  });
  describe('the HTTP contract, on short-lived streams', () => {
    streamLifeContract(worldsOn(start, { heartbeatMs: 100, lifetimeMs: 1_500 }));
  });
}
