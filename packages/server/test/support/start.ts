import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claims, HttpHarness, HttpSettings } from '@belfry/contract-tests/http';
import type { Store } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { type BelfryServer, createServer, type ServerOptions } from '@belfry/server';
import { SignJWT } from 'jose';

export const SECRET = 'a secret for tests, of more than 32 bytes';
export const API_KEY = 'bk_test_key_of_more_than_24_characters';

export interface TestServer extends HttpHarness {
  server: BelfryServer;
  store: Store;
  port: number;
  dir: string;
  /** Ends it and starts it anew on the same folder and port. */
  restart(): Promise<void>;
}

type Options = Omit<ServerOptions, 'store'>;

/** The real server on the real store, in a folder of its own, at a free port. */
export async function startServer(options: Options = {}): Promise<TestServer> {
  const dir = await mkdtemp(join(tmpdir(), 'belfry-server-'));
  let { server, store, url, port } = await run(dir, options, 0);
  const end = async () => {
    await server.stop();
    await store.close();
  };
  return {
    get server() {
      return server;
    },
    get store() {
      return store;
    },
    url,
    port,
    dir,
    apiKey: API_KEY,
    tokenFor,
    restart: async () => {
      await end();
      ({ server, store } = await run(dir, options, port));
    },
    stop: async () => {
      await end();
      await rm(dir, { recursive: true });
    },
  };
}

async function run(dir: string, options: Options, port: number) {
  const store = await openSqliteStore({ dir });
  const auth = { jwt: { secret: SECRET }, apiKey: API_KEY };
  const server = createServer({ store, auth, drainMs: 0, ...options });
  return { server, store, ...(await server.listen('127.0.0.1', port)) };
}

/** As the contract suites start it. */
export function startHttp({ corsOrigins, webhooks, ...hub }: HttpSettings = {}): Promise<HttpHarness> {
  return startServer({
    hub,
    ...(corsOrigins === undefined ? {} : { corsOrigins }),
    ...(webhooks === undefined ? {} : { webhooks }),
  });
}

export function tokenFor({ exp, ...claims }: Claims): Promise<string> {
  const signing = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' });
  if (exp !== null) signing.setExpirationTime((exp as number | undefined) ?? '1h');
  return signing.sign(new TextEncoder().encode(SECRET));
}
