import type { OpenStore, StoreHarness } from '@belfry/contract-tests/store';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { dropDatabase, makeDatabase } from './postgres-server.ts';

/** Stores in databases of their own on this server, dropped with them. */
export function postgresHarness(adminUrl: () => string): StoreHarness {
  return {
    async open(): Promise<OpenStore> {
      const url = await makeDatabase(adminUrl());
      let turned = 0;
      const skew = () => turned;
      let store = await openPostgresStore({ url, skew });
      return {
        get store() {
          return store;
        },
        async reopen() {
          await store.close();
          store = await openPostgresStore({ url, skew });
          return store;
        },
        now: () => Date.now() + turned,
        turnClock(ms) {
          turned += ms;
        },
        async close() {
          await store.close();
          await dropDatabase(adminUrl(), url);
        },
      };
    },
  };
}
