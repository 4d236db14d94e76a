import { draft, person } from '@belfry/contract-tests/samples';
import { isMissing, POSTGRES } from '@belfry/contract-tests/services';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyServer, dropDatabase, makeDatabase } from './support/postgres-server.ts';

describe.skipIf(isMissing(POSTGRES))('writes that are transactions of their own', () => {
  let server: Awaited<ReturnType<typeof anyServer>>;
  let url: string;
  let store: Awaited<ReturnType<typeof openPostgresStore>>;
  beforeAll(async () => {
    server = await anyServer();
    url = await makeDatabase(server.url);
    store = await openPostgresStore({ url });
  });
  afterAll(async () => {
    await store?.close();
    await dropDatabase(server.url, url);
    await server.dispose();
  });

  let made = 0;
  const ticket = (tenant: string) => {
    made += 1;
    const input = { hash: `hash-${made}`, person: person(tenant, 'ada'), unusedMs: 30_000, expiresAt: null };
    return store.commit('issueTicket', input);
  };
  const publish = (tenant: string) => store.commit('publish', { tenant, drafts: [draft()] });
  const newRun = async (tenant: string) => {
    made += 1;
    const id = `run-${made}`;
    const data = { id, to: ['all'], kind: 'job', title: 'Job', subject: null, data: null, timeoutMs: null };
    await store.commit('createRun', { tenant, draft: data });
    return `${tenant}/${id}`;
  };

  test('of one person, and of the runs of one tenant, keep no other tenant waiting', async () => {
    await publish('quiet');
    const runs = await Promise.all(Array.from({ length: 120 }, () => newRun('loud')));
    let done = 0;
    const lines = [{ text: 'x', level: 'info', time: null }];
    const flood = [
      ...Array.from({ length: 120 }, () => ticket('loud')),
      ...runs.map((log) => store.commit('appendLines', { log, lines })),
    ].map((work) => work.then(() => (done += 1)));
    // In its turn it is among the first. How many pass it on the server hangs on the machine; behind either kind it has 120 before it.
    expect(await publish('quiet').then(() => done)).toBeLessThan(100);
    await Promise.all(flood);
    expect(done).toBe(240);
  });

  test('wait in a bounded number of each person', async () => {
    const flood = Array.from({ length: 4 + 128 }, () => ticket('loud'));
    await expect(ticket('loud')).rejects.toMatchObject({ code: 'rate_limited', status: 429, retryAfter: 1 });
    await Promise.all(flood);
  });
});
