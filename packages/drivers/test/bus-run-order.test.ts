import { runsOnly } from '@belfry/contract-tests/faults';
import { isMissing, NATS, POSTGRES, REDIS, startNats, startRedis } from '@belfry/contract-tests/services';
import type { Store } from '@belfry/core';
import { openBus } from '@belfry/drivers/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyServer, type TestServer } from './support/postgres-server.ts';
import { withStores } from './support/postgres-stores.ts';
import { TestProcess } from './support/process.ts';

const ENGINES = [
  { name: 'Postgres', kind: POSTGRES, start: null },
  { name: 'Redis', kind: REDIS, start: startRedis },
  { name: 'NATS', kind: NATS, start: startNats },
];

describe.skipIf(isMissing(POSTGRES)).each(ENGINES)('two processes on one Postgres, by $name', ({ kind, start }) => {
  let server: TestServer | undefined;
  let engine: { url: string; dispose(): Promise<void> } | undefined;
  beforeAll(async () => {
    server = await anyServer();
    if (start !== null && !isMissing(kind)) engine = await start();
  });
  afterAll(() => Promise.all([server?.dispose(), engine?.dispose()]));

  const tenant = 'acme';

  async function play(stores: Store[], databaseUrl: string): Promise<void> {
    const [one, other] = stores as [Store, Store];
    const open = (store: Store) => openBus(engine?.url ?? 'postgres', { place: store.place, databaseUrl });
    const writing = new TestProcess(one, await open(one));
    const serving = new TestProcess(other, runsOnly(await open(other)));
    try {
      await loses(writing, serving);
    } finally {
      await Promise.all([writing.close(), serving.close()]);
    }
  }

  async function loses({ core }: TestProcess, serving: TestProcess): Promise<void> {
    for (const user of ['ada', 'ben']) await core.memberships.grant(tenant, user, 'topic:ci');
    const draft = { to: ['topic:ci'], kind: 'build', title: 'A build' };
    const { id } = (await core.runs.create(tenant, draft)).value;
    const [ada, ben] = [serving.follow(tenant, 'ada', id), serving.follow(tenant, 'ben', id)];
    await core.runs.log(tenant, id, [{ text: 'before' }]);
    await Promise.all([ada.has('before'), ben.has('before')]);
    await core.memberships.revoke(tenant, 'ada', 'topic:ci');
    await core.runs.log(tenant, id, [{ text: 'secret' }]);
    await core.runs.change(tenant, id, { status: 'succeeded' });
    await Promise.all([ben.has('event: done'), ada.has('event: closing')]);
    expect(ben.text).toContain('secret');
    expect(ada.text).toContain('"access"');
    expect(ada.text).not.toMatch(/secret|event: done/);
  }

  test.skipIf(isMissing(kind))(
    'who loses a run in the one is sent nothing that was said of it after, by the other',
    () => withStores(server?.url as string, 2, play),
  );
});
