import { draft, newTenant, reader } from '@belfry/contract-tests/samples';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PlanAge } from '../src/store/postgres/plan-age.ts';
import {
  anyServer,
  dropDatabase,
  isMissing,
  makeDatabase,
  POSTGRES,
  sqlOn,
  type TestServer,
} from './support/postgres-server.ts';
import { PlannedSession, read } from './support/rows-read.ts';

test('plans are made anew each time that a session is twice as old, and then every minute', () => {
  const age = new PlanAge();
  const renewals = [];
  for (let now = 5_000; now <= 5_000 + 240_000; now += 250) if (age.renewal(now) !== '') renewals.push(now - 5_000);
  expect(renewals.map((ms) => ms / 1_000)).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 124, 184]);
});

describe.skipIf(isMissing(POSTGRES))('plans of Postgres that are made anew', () => {
  let server: TestServer;
  let url: string;
  beforeAll(async () => {
    server = await anyServer();
    url = await makeDatabase(server.url);
  });
  afterAll(async () => {
    await dropDatabase(server.url, url);
    await server?.dispose();
  });

  test('no longer go through all that has come since a table was empty', async () => {
    const store = await openPostgresStore({ url });
    const session = await PlannedSession.open(url);
    try {
      await sqlOn(url, 'alter table belfry.notifications set (autovacuum_enabled = off)');
      const tenant = newTenant();
      const item = draft();
      await store.commit('publish', { tenant, drafts: [item] });
      const look = read('inboxItem', { reader: reader(tenant, 'ada'), id: item.id });
      for (let times = 0; times < 4; times += 1) await session.rowsReadBy(look);
      await store.commit('publish', {
        tenant,
        drafts: Array.from({ length: 1_000 }, () => draft({ to: ['user:bob'] })),
      });
      const rows = await session.rowsReadBy(look, new PlanAge().renewal(0));
      expect(rows.get('notifications')).toBeLessThan(100);
    } finally {
      await session.close();
      await store.close();
    }
  });
});
