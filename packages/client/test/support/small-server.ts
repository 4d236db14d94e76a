import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { type BelfryServer, createServer } from '@belfry/server';

/** The real server on the real store, without a page: for clients in Node. Whoever says that they are somebody are they. */
export interface SmallServer {
  server: BelfryServer;
  url: string;
  port: number;
  stop: () => Promise<void>;
}

/** Too seldom for clients whose clock the test moves by hours. */
const HEARTBEAT_MS = 100_000_000;

export async function startSmallServer(channels: readonly string[] = []): Promise<SmallServer> {
  const dir = await mkdtemp(join(tmpdir(), 'belfry-client-'));
  const store = await openSqliteStore({ dir });
  const server = createServer({
    store,
    drainMs: 0,
    hub: { heartbeatMs: HEARTBEAT_MS, lifetimeMs: 0 },
    principal: (request) => personOf(request.headers.get('authorization'), channels),
  });
  const { url, port } = await server.listen('127.0.0.1', 0);
  const stop = async (): Promise<void> => {
    await server.stop();
    await store.close();
    await rm(dir, { recursive: true });
  };
  return { server, url, port, stop };
}

function personOf(authorization: string | null, channels: readonly string[]): Person | null {
  const user = authorization?.replace('Bearer ', '');
  if (!user) return null;
  const nothing = { name: null, avatarUrl: null, roles: [], readOnly: false, since: null, expiresAt: null };
  return { kind: 'person', tenant: 'default', user, channels: [...channels], ...nothing };
}
