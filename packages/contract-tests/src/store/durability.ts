import { describe, expect, test } from 'vitest';
import { countsOf, everyEvent, listed, markUpTo, publish, publishOne, refusal } from './fixtures.ts';
import { ownStore, type StoreHarness } from './harness.ts';
import { draft, newTenant, person, reader } from './samples.ts';

/** What stays when a store is closed and opened again. */
export function durabilitySuite(harness: StoreHarness): void {
  describe('durability', () => {
    test('keeps everything, and its epoch, over a reopen', () =>
      ownStore(harness, async (open) => {
        const tenant = newTenant();
        const ada = reader(tenant, 'ada');
        const { epoch } = open.store;
        await publish(open.store, tenant, {}, { to: ['all'] }, {});
        await markUpTo(open.store, ada, 'read', 1);
        const result = await open.store.commit(
          'publish',
          { tenant, drafts: [draft()] },
          { key: 'k', fingerprint: 'f' },
        );
        await open.store.commit('ack', { tenant, user: 'ada', device: 'phone', n: 2 });
        const before = {
          items: await listed(open.store, ada),
          counts: await countsOf(open.store, ada),
          events: await everyEvent(open.store, tenant),
          acked: await open.store.read('acked', { tenant, user: 'ada', device: 'phone' }),
        };

        const store = await open.reopen();
        expect(store.epoch).toBe(epoch);
        expect({
          items: await listed(store, ada),
          counts: await countsOf(store, ada),
          events: await everyEvent(store, tenant),
          acked: await store.read('acked', { tenant, user: 'ada', device: 'phone' }),
        }).toEqual(before);
        const again = await store.commit('publish', { tenant, drafts: [draft()] }, { key: 'k', fingerprint: 'f' });
        const { notifications } = result.out;
        expect(again).toEqual({ out: { notifications }, replayed: true, events: [] });
        const next = await store.commit('publish', { tenant, drafts: [draft()] });
        expect(next.events[0]?.n).toBe(before.events.length + 1);
      }));

    test('differs in epoch from every other database', async () => {
      const epochs = await Promise.all([1, 2].map(() => ownStore(harness, async ({ store }) => store.epoch)));
      expect(epochs[0]).not.toBe(epochs[1]);
    });

    test('never lets time go backwards in a log, though the clock does', () =>
      ownStore(harness, async ({ store, turnClock }) => {
        const tenant = newTenant();
        turnClock(3_600_000);
        const before = await publishOne(store, tenant);
        turnClock(-3_600_000);
        const after = await publishOne(store, tenant);
        expect(after.createdAt).toBe(before.createdAt);
      }));

    test('frees the tickets that a dead process held', () =>
      ownStore(harness, async (open) => {
        const hash = 'a'.repeat(64);
        const ada = person(newTenant(), 'ada');
        await open.store.commit('issueTicket', {
          hash,
          person: ada,
          unusedMs: 30_000,
          expiresAt: null,
        });
        await open.store.commit('claimTicket', { hash, resuming: false });
        const store = await open.reopen();
        const { out } = await store.commit('claimTicket', { hash, resuming: true });
        expect(out).toEqual({ person: ada, access: null });
      }));

    test('finishes what is under way before it closes, and refuses what comes after', () =>
      ownStore(harness, async (open) => {
        const tenant = newTenant();
        const { store } = open;
        // Each batch is a group of its own, so most of them still wait when the store is told to close.
        const batch = Array.from({ length: 1_000 }, () => ({}));
        const works = Array.from({ length: 5 }, () => publish(store, tenant, ...batch));
        const reads = Array.from({ length: 10 }, () => store.read('ping', {}));
        const closing = [store.close(), store.close()];
        expect(await refusal(publishOne(store, tenant))).toMatchObject({ code: 'unavailable' });
        expect(await refusal(store.read('ping', {}))).toMatchObject({ code: 'unavailable' });
        expect((await Promise.all(works)).flat()).toHaveLength(5_000);
        expect(await Promise.all(reads)).toHaveLength(10);
        await Promise.all(closing);
        expect((await (await open.reopen()).read('locate', { log: tenant, n: 0 })).head.n).toBe(5_000);
      }));
  });
}
