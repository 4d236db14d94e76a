import { ask } from '@belfry/contract-tests/question-samples';
import { draft, newTenant, reader } from '@belfry/contract-tests/samples';
import type { NotificationDraft, Store } from '@belfry/core';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { EVERYTHING } from '@belfry/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { numberArray, textArray } from '../src/store/postgres/arrays.ts';
import {
  anyServer,
  dropDatabase,
  isMissing,
  makeDatabase,
  POSTGRES,
  sqlOn,
  type TestServer,
} from './support/postgres-server.ts';

describe.skipIf(isMissing(POSTGRES))('what Postgres is particular about', () => {
  let server: TestServer;
  let url: string;
  let store: Store;
  beforeAll(async () => {
    server = await anyServer();
    url = await makeDatabase(server.url);
    store = await openPostgresStore({ url });
  });
  afterAll(async () => {
    await store?.close();
    await dropDatabase(server.url, url);
    await server?.dispose();
  });

  test('NUL and lone surrogates in content come back as they were sent, live and from every list', async () => {
    const tenant = newTenant();
    const odd = '\u0000 \ud800 é 😀 \\u0000 " \\ {}, NULL';
    const sent = draft({ title: odd, body: odd, data: { [odd]: [odd, null] }, to: ['user:ada', 'all'] });
    const { out, events } = await store.commit('publish', { tenant, drafts: [sent] });
    expect(out.notifications[0]).toMatchObject({ title: odd, body: odd, data: { [odd]: [odd, null] } });
    const page = await store.read('readLog', {
      log: tenant,
      after: 0,
      upTo: 9,
      grants: EVERYTHING,
      limit: 9,
      maxBytes: 1e6,
    });
    expect(events).toMatchObject(page.events);
    const query = { filter: 'all' as const, before: null, limit: 9 };
    const { items } = await store.read('inbox', { reader: reader(tenant, 'ada'), query });
    expect(items[0]).toMatchObject({ title: odd, body: odd });
    const held = { everything: false, exact: [], prefixes: ['al'] };
    expect((await store.read('serviceState', { tenant, grants: held, limit: 9 })).notifications.items).toHaveLength(1);
  });

  test('NUL in what is stored as plain text is refused, and fails nobody else', async () => {
    const tenant = newTenant();
    const works = [{ subject: { kind: 'a\u0000', id: '1' } }, {}, { dedupeKey: 'k\u0000' }, {}].map((over) =>
      store.commit('publish', { tenant, drafts: [draft(over)] }),
    );
    const results = await Promise.allSettled(works);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'invalid' });
    }
  });

  test('a name too long for an index is refused as too large', async () => {
    const long = crypto.getRandomValues(new Uint8Array(9_000)).join('');
    const work = store.commit('publish', { tenant: newTenant(), drafts: [draft({ dedupeKey: long })] });
    await expect(work).rejects.toMatchObject({ code: 'too_large' });
  });

  test('a large batch that fails near its end leaves nothing, and its neighbours alone', async () => {
    const tenant = newTenant();
    const publish = (...overs: Partial<NotificationDraft>[]) =>
      store.commit('publish', { tenant, drafts: overs.map(draft) });
    const { id } = (await publish({})).out.notifications[0] as { id: string };
    const large = (last: Partial<NotificationDraft>) => publish(...Array.from({ length: 700 }, () => ({})), last);
    const works = [
      publish({}),
      large({ to: [] }),
      publish({}),
      large({ id }),
      large({ type: 7 as never }),
      publish({}),
    ];
    const results = await Promise.allSettled(works);
    const failed = [1, 3, 4];
    for (const [index, { status }] of results.entries()) expect(status === 'rejected').toBe(failed.includes(index));
    await Promise.allSettled([publish({}), large({ to: [] })]);
    const { head } = await store.read('locate', { log: tenant, n: 0 });
    expect(head.n).toBe(5);
  });

  test('a key whose write failed is free for the next one, also in the same group', async () => {
    const tenant = newTenant();
    const taken = draft();
    await store.commit('publish', { tenant, drafts: [taken] });
    const send = (over: Partial<NotificationDraft>) =>
      store.commit('publish', { tenant, drafts: [draft(over)] }, { key: 'k', fingerprint: 'f' });
    const [failed, made] = await Promise.allSettled([send({ id: taken.id }), send({ title: 'made' })]);
    expect(failed.status).toBe('rejected');
    expect(made).toMatchObject({ value: { replayed: false, out: { notifications: [{ title: 'made' }] } } });
    expect((await store.read('locate', { log: tenant, n: 0 })).head.n).toBe(2);
  });

  test('a change of tables under statements that are prepared disturbs nobody', async () => {
    const tenant = newTenant();
    const sent = draft({ dedupeKey: 'd' });
    await store.commit('publish', { tenant, drafts: [sent] });
    const use = () =>
      Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          await store.commit('edit', { tenant, id: sent.id, patch: { title: `${index}` } });
          expect(await store.read('notification', { tenant, id: sent.id })).not.toBeNull();
        }),
      );
    await use();
    await sqlOn(url, 'alter table belfry.notifications add column more text');
    await use();
    await sqlOn(url, 'alter table belfry.notifications drop column more');
    await use();
  });

  test('nor does it where what it fails was asked for beside something else, which fails by it', async () => {
    const tenant = newTenant();
    await store.commit('publish', { tenant, drafts: Array.from({ length: 9 }, () => draft()) });
    const { id } = await ask(store, tenant);
    const open = async () => {
      const { questions } = await store.read('state', { reader: reader(tenant, 'ada'), limit: 1 });
      return questions.map((question) => question.id);
    };
    // A statement is prepared when it comes for the third time.
    for (let times = 0; times < 4; times += 1) expect(await open()).toEqual([id]);
    await sqlOn(url, 'alter table belfry.questions add column more text');
    expect(await open()).toEqual([id]);
    await sqlOn(url, 'alter table belfry.questions drop column more');
    expect(await open()).toEqual([id]);
  });

  test('a batch of the largest items goes through', async () => {
    const drafts = Array.from({ length: 500 }, () => draft({ data: 'é'.repeat(8_000) }));
    const { events } = await store.commit('publish', { tenant: newTenant(), drafts });
    expect(events).toHaveLength(500);
  });

  test('every list of texts and numbers arrives as it was sent', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.option(fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\0'))),
        ),
        fc.array(fc.option(fc.maxSafeInteger())),
        async (texts, numbers) => {
          const [row] = await sqlOn(url, 'select $1::text[] as texts, $2::int8[]::text[] as numbers', [
            textArray(texts),
            numberArray(numbers),
          ]);
          expect(row).toEqual({ texts, numbers: numbers.map((number) => (number === null ? null : String(number))) });
        },
      ),
      { numRuns: 60 },
    ));
});
