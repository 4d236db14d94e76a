import { describe } from 'vitest';
import { ALLOWED_ORIGIN, accessContract } from './access.ts';
import { artifactsContract } from './artifacts.ts';
import { badInputContract } from './bad-input.ts';
import { badRunsContract } from './bad-runs.ts';
import { deliveriesContract } from './deliveries.ts';
import { devicesContract } from './devices.ts';
import { eventsContract } from './events.ts';
import { fallbacksContract } from './fallbacks.ts';
import { fuzzContract } from './fuzz.ts';
import { idempotencyContract } from './idempotency.ts';
import { inboxContract } from './inbox.ts';
import { keysContract } from './keys.ts';
import { membershipsContract } from './memberships.ts';
import { nothingTakenContract } from './nothing-taken.ts';
import { notificationsContract } from './notifications.ts';
import { opsContract } from './ops.ts';
import { otherDevicesContract } from './other-devices.ts';
import { questionInputContract } from './question-input.ts';
import { questionWaitContract } from './question-wait.ts';
import { questionsContract } from './questions.ts';
import { resumeContract } from './resume.ts';
import { runStreamContract, runStreamLifeContract } from './run-stream.ts';
import { runsContract } from './runs.ts';
import { streamContract } from './stream.ts';
import { streamLifeContract } from './stream-life.ts';
import type { StartHttp } from './support/harness.ts';
import { worldsOn } from './support/worlds.ts';
import { tenantsContract } from './tenants.ts';
import { ticketsContract } from './tickets.ts';
import { webhookInputContract } from './webhook-input.ts';
import { webhooksContract } from './webhooks.ts';

export { startSeveral } from './several.ts';
export { Caller } from './support/caller.ts';
export type { Claims, HttpHarness, HttpSettings, StartHttp } from './support/harness.ts';
export { StreamReader } from './support/stream-reader.ts';

/** What every Belfry server must do over HTTP, whatever it runs on: the half about notifications, events and streams. */
export function inboxHttpContract(start: StartHttp): void {
  describe('the HTTP contract of notifications and streams', () => {
    const newWorld = worldsOn(start, { corsOrigins: [ALLOWED_ORIGIN] });
    notificationsContract(newWorld);
    idempotencyContract(newWorld);
    fuzzContract(newWorld);
    opsContract(newWorld);
    accessContract(newWorld);
    tenantsContract(newWorld);
    badInputContract(newWorld);
    nothingTakenContract(newWorld);
    resumeContract(newWorld);
    streamContract(newWorld);
    keysContract(newWorld);
    ticketsContract(newWorld);
    devicesContract(newWorld);
    otherDevicesContract(newWorld);
    eventsContract(newWorld);
    inboxContract(newWorld);
  });
  describe('the HTTP contract of short-lived streams', () => {
    streamLifeContract(worldsOn(start, { heartbeatMs: 100, lifetimeMs: 1_500 }));
  });
}

/** The other half: questions, runs, memberships, webhooks and what became of a notification. */
export function workHttpContract(start: StartHttp): void {
  describe('the HTTP contract of questions, runs and access', () => {
    const newWorld = worldsOn(start);
    membershipsContract(newWorld);
    deliveriesContract(newWorld);
    runsContract(newWorld);
    badRunsContract(newWorld);
    runStreamContract(newWorld);
    artifactsContract(newWorld);
    webhookInputContract(newWorld);
    questionsContract(newWorld);
    questionInputContract(newWorld);
    questionWaitContract(newWorld);
  });
  describe('the HTTP contract of webhooks, on a server that may send to loopback', () => {
    const newWorld = worldsOn(start, { webhooks: { private: 'allow', timeoutMs: 1_000, backOffMs: [50, 50] } });
    webhooksContract(newWorld);
    fallbacksContract(newWorld);
  });
  describe('the HTTP contract of short-lived streams of runs', () => {
    runStreamLifeContract(worldsOn(start, { runHeartbeatMs: 100 }));
  });
}
