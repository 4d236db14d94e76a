import { type Core, createCore, type LogEvent } from '@belfry/core';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { EVERYTHING } from '@belfry/protocol';
import { Client } from 'pg';
import { anyServer, dropDatabase, makeDatabase, sqlOn } from './postgres-server.ts';

const OFTEN = 20;

/** Two processes that relay on one new database, and an application's session on it. */
export interface SqlBench {
  url: string;
  app: Client;
  cores: Core[];
  /** What both processes announced. */
  announced: LogEvent[];
  newTenant(): string;
  /** The first row that a statement gives. */
  one(text: string, values?: unknown[]): Promise<Record<string, unknown>>;
  /** The events of a log, by its name, once no relay has anything left to do. */
  logOf(name: string): Promise<LogEvent[]>;
  /** The reasons of its dead letters, once no relay has anything left to do. */
  lettersOf(tenant: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function openSqlBench(): Promise<SqlBench> {
  const server = await anyServer();
  const url = await makeDatabase(server.url);
  const announced: LogEvent[] = [];
  const cores = await Promise.all([0, 1].map(() => relayOn(url, announced)));
  const app = new Client({ connectionString: url });
  await app.connect();
  let tenants = 0;
  return {
    url,
    app,
    cores,
    announced,
    newTenant: () => `calls-${++tenants}`,
    one: async (text, values = []) => (await app.query(text, values)).rows[0] as Record<string, unknown>,
    async logOf(name) {
      await relayed(url);
      const { store } = cores[0]!;
      const { head } = await store.read('locate', { log: name, n: 0 });
      const range = { log: name, after: 0, upTo: head.n, grants: EVERYTHING, limit: 10_000, maxBytes: 1e9 };
      return (await store.read('readLog', range)).events;
    },
    async lettersOf(tenant) {
      await relayed(url);
      return sqlOn(url, 'select kind, reason from belfry.dead_letters where tenant = $1 order by id', [tenant]);
    },
    async close() {
      await app.end();
      for (const core of cores) {
        await core.relay.stop();
        await core.store.close();
      }
      await dropDatabase(server.url, url);
      await server.dispose();
    },
  };
}

async function relayOn(url: string, announced: LogEvent[]): Promise<Core> {
  const store = await openPostgresStore({ url });
  const core = createCore({ store, announce: (events) => void announced.push(...events) });
  core.relay.start();
  return core;
}

async function relayed(url: string): Promise<void> {
  while ((await sqlOn(url, 'select 1 from belfry.outbox limit 1')).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, OFTEN));
  }
}
