import { describe } from 'vitest';
import { idempotencyContract } from './idempotency.ts';
import { notificationsContract } from './notifications.ts';
import type { StartHttp } from './support/harness.ts';
import { worldsOn } from './support/worlds.ts';

export type { Claims, HttpHarness, HttpSettings, StartHttp } from './support/harness.ts';

/** What every Belfry server must do over HTTP, whatever it runs on. */
export function httpContract(start: StartHttp): void {
  describe('the HTTP contract', () => {
    const newWorld = worldsOn(start);
    notificationsContract(newWorld);
    idempotencyContract(newWorld);
  });
}
