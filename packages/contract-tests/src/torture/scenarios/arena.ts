import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import type { HubSettings } from '@belfry/hub';
import { type Logged, readWholeLog } from '../log.ts';
import { ServerProcess } from '../server/server-process.ts';
import type { Target } from '../target.ts';

export const API_KEY = 'torture-torture-torture-torture';
export const JWT_SECRET = 'a secret that is long enough for HS256';

/** A server process on a folder of its own, and what its log holds once it is stopped. */
export class Arena {
  readonly server: ServerProcess;
  readonly #dir: string;

  static async open(hub: Partial<HubSettings>): Promise<Arena> {
    const arena = new Arena(await mkdtemp(join(tmpdir(), 'belfry-torture-')), hub);
    try {
      await arena.server.start();
      return arena;
    } catch (error) {
      await arena.close();
      throw error;
    }
  }

  private constructor(dir: string, hub: Partial<HubSettings>) {
    this.#dir = dir;
    this.server = new ServerProcess({ database: { dir }, bus: null, apiKey: API_KEY, jwtSecret: JWT_SECRET, hub });
  }

  get target(): Target {
    return { url: this.server.url, apiKey: API_KEY, jwtSecret: JWT_SECRET };
  }

  get targets(): [Target] {
    return [this.target];
  }

  /** Stops the server and reads what it left on disk. */
  async log(): Promise<Logged[]> {
    await this.server.stop();
    const store = await openSqliteStore({ dir: this.#dir });
    try {
      return await readWholeLog(store);
    } finally {
      await store.close();
    }
  }

  async close(): Promise<void> {
    await this.server.dispose();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
