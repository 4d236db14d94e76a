import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenStore, StoreHarness } from '@belfry/contract-tests/store';
import { openSqliteStore } from '@belfry/drivers/sqlite';

/** Stores in folders of their own, removed with them. */
export const sqliteHarness: StoreHarness = {
  async open(): Promise<OpenStore> {
    const dir = await mkdtemp(join(tmpdir(), 'belfry-sqlite-'));
    const skew = new Float64Array(new SharedArrayBuffer(8));
    let store = await openSqliteStore({ dir, skew });
    return {
      get store() {
        return store;
      },
      async reopen() {
        await store.close();
        store = await openSqliteStore({ dir, skew });
        return store;
      },
      now: () => Date.now() + (skew[0] ?? 0),
      turnClock(ms) {
        skew[0] = (skew[0] ?? 0) + ms;
      },
      async close() {
        await store.close();
        await rm(dir, { recursive: true, force: true });
      },
    };
  },
};
