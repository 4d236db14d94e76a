import { draft } from '@belfry/contract-tests/samples';
import { isMissing, POSTGRES } from '@belfry/contract-tests/services';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { EVERYTHING } from '@belfry/protocol';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { LOCKS } from '../src/store/postgres/locks.ts';
import { anyServer, dropDatabase, makeDatabase } from './support/postgres-server.ts';

// The server is found or started as startPostgres does.
describe.skipIf(isMissing(POSTGRES))('a sweep that waits for a log', () => {
  test('withdraws nothing that was withdrawn while it waited', async () => {
    const server = await anyServer();
    const url = await makeDatabase(server.url);
    let skew = 0;
    const store = await openPostgresStore({ url, skew: () => skew });
    const other = new Client({ connectionString: url });
    await other.connect();
    try {
      const expiresAt = new Date(Date.now() + 60_000).toISOString();
      const drafts = [draft({ title: 'replaced', dedupeKey: 'k', expiresAt }), draft({ title: 'due', expiresAt })];
      await store.commit('publish', { tenant: 't', drafts });
      await other.query('begin');
      await other.query('select pg_advisory_xact_lock($1, (select id from belfry.logs))', [LOCKS.log]);
      const ahead = store.commit('publish', { tenant: 't', drafts: [draft({ title: 'new', dedupeKey: 'k' })] });
      await waiting(other, 1);
      skew = 120_000;
      const swept = store.commit('expire', { limit: 100 });
      await waiting(other, 2);
      await other.query('commit');
      await Promise.all([ahead, swept]);
      const range = { log: 't', after: 0, upTo: 100, grants: EVERYTHING, limit: 100, maxBytes: 1e6 };
      const { events } = await store.read('readLog', range);
      const withdrawn = events
        .filter(({ type }) => type === 'notification.withdrawn')
        .map(({ data }) => JSON.parse(data).id);
      expect(withdrawn).toEqual(drafts.map(({ id }) => id));
    } finally {
      await other.end();
      await store.close();
      await dropDatabase(server.url, url);
      await server.dispose();
    }
  });
});

/** Until this many wait for a log. */
async function waiting(client: Client, count: number): Promise<void> {
  const question = `select count(*)::int as n from pg_locks where locktype = 'advisory' and classid = $1 and not granted`;
  while ((await client.query(question, [LOCKS.log])).rows[0].n < count)
    await new Promise((resolve) => setTimeout(resolve, 10));
}
