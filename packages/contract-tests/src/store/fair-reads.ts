import type { ReadName, Reads, Store } from '@belfry/core';
import { EVERYTHING } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { inboxQuery, publishOne, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant, reader } from './samples.ts';

/** What is under way is through before it, and some go on beside it. */
const FEW = 16;
const CROWD = ['ada', 'ben', 'eve', 'ida', 'joe', 'kim', 'leo', 'mia'];

type Ask = (store: Store, tenant: string, user: string) => Promise<unknown>;

/** Everything that a person can ask for. */
const READS: Partial<Record<ReadName, Ask>> = {
  ...byReader('state', { limit: 50 }),
  ...byReader('inbox', { query: inboxQuery() }),
  ...byReader('inboxJson', { query: inboxQuery() }),
  ...byReader('inboxItem', { id: 'none' }),
  ...byReader('counts', {}),
  ...byReader('access', {}),
  ...byReader('question', { id: 'none' }),
  ...byReader('questions', { query: { before: null, limit: 50 } }),
  ...byReader('run', { id: 'none' }),
  ...byReader('runs', { query: { before: null, limit: 50 } }),
  ...byReader('runAt', { id: 'none', lines: 10 }),
  acked: (store, tenant, user) => store.read('acked', { tenant, user, device: 'phone' }),
  locate: (store, tenant, asker) => store.read('locate', { log: tenant, n: 1, asker }),
  readLog: (store, tenant, asker) => {
    const range = { log: tenant, after: 0, upTo: 9, grants: EVERYTHING, limit: 9, maxBytes: 1e6 };
    return store.read('readLog', { ...range, asker });
  },
  runLines: (store, tenant, asker) =>
    store.read('runLines', { log: `${tenant}/none`, before: null, limit: 9, asker }).catch(() => null),
};

function byReader<Name extends ReadName>(name: Name, more: object) {
  const ask: Ask = (store, tenant, user) => {
    const input = { tenant, reader: reader(tenant, user), ...more } as unknown as Reads[Name]['in'];
    return store.read(name, input);
  };
  return { [name]: ask };
}

/** Who asks once waits for few, however many others have in flight. By order, and not by time. */
export function fairReadSuite(open: SharedStore): void {
  describe('fair reads', () => {
    test.each(Object.entries(READS))('`%s` in flight many times holds up nobody who asks once', async (_, ask) => {
      const { store } = open();
      const [crowd, other] = [newTenant(), newTenant()];
      await Promise.all([crowd, other].map((tenant) => publishOne(store, tenant)));
      await Promise.all(CROWD.slice(0, 5).map((user) => ask(store, crowd, user)));
      let done = 0;
      const flood = CROWD.flatMap((user) =>
        Array.from({ length: 8 }, () => ask(store, crowd, user).finally(() => (done += 1))),
      );
      const [bystander, neighbour] = await Promise.all(
        [other, crowd].map((tenant) => ask(store, tenant, 'zoe').then(() => done)),
      );
      expect(bystander).toBeLessThan(FEW);
      // One of the same tenant comes after one of each who waits there.
      expect(neighbour).toBeLessThan(2 * FEW);
      await Promise.all(flood);
      expect(done).toBe(64);
    });

    test('hundreds of one caller in flight hold up another by a few', async () => {
      const { store } = open();
      const tenant = newTenant();
      let done = 0;
      const service = () => store.read('notification', { tenant, id: 'none' }).finally(() => (done += 1));
      const flood = Array.from({ length: 600 }, service);
      const before = await store.read('counts', { reader: reader(tenant, 'ada') }).then(() => done);
      // Counts take several questions, and meanwhile others are answered on the other connections. Unfair would be all 600.
      expect(before).toBeLessThan(8 * FEW);
      await Promise.all(flood);
      expect(done).toBe(600);
    });

    test('one person has a bounded number of reads waiting, and nobody else is refused for it', async () => {
      const { store } = open();
      const tenant = newTenant();
      const count = (user: string) => store.read('counts', { reader: reader(tenant, user) });
      const flood = Array.from({ length: 132 }, () => count('ada'));
      expect(await refusal(count('ada'))).toMatchObject({ code: 'rate_limited', status: 429, retryAfter: 1 });
      expect(await count('ben')).toMatchObject({ unread: 0 });
      await Promise.all(flood);
      expect(await count('ada')).toMatchObject({ unread: 0 });
    });
  });
}
