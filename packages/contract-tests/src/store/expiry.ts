import { describe, expect, test } from 'vitest';
import { countsOf, everyEvent, listed, mark, markUpTo, numberOf, publish, publishOne, refusal } from './fixtures.ts';
import { ownStore, type SharedStore, type StoreHarness } from './harness.ts';
import { ask } from './question-samples.ts';
import { draft, newTenant, reader } from './samples.ts';

/** Notifications that end by themselves. */
export function expirySuite(harness: StoreHarness, open: SharedStore): void {
  describe('expiry', () => {
    const inSeconds = (seconds: number) => new Date(open().now() + seconds * 1_000).toISOString();

    test('hides what has expired at once, and withdraws it when swept', async () => {
      const { store, turnClock } = open();
      const [tenant, other] = [newTenant(), newTenant()];
      const ada = reader(tenant, 'ada');
      const soon = await publishOne(store, tenant, { expiresAt: inSeconds(100) });
      const later = await publishOne(store, tenant, { expiresAt: inSeconds(1_000) });
      const elsewhere = await publishOne(store, other, { expiresAt: inSeconds(90) });
      expect((await store.commit('expire', { limit: 100 })).out.expired).toBe(0);
      expect(await countsOf(store, ada)).toEqual({ unread: 2, unseen: 2 });

      turnClock(101_000);
      expect(await countsOf(store, ada)).toEqual({ unread: 1, unseen: 1 });
      expect((await listed(store, ada)).map((item) => item.id)).toEqual([later.id]);
      expect(await store.read('inboxItem', { reader: ada, id: soon.id })).toBeNull();
      expect(await store.read('notification', { tenant, id: soon.id })).toBeNull();
      const query = { before: null, limit: 10 };
      expect((await store.read('notifications', { tenant, query })).items).toHaveLength(1);
      const edit = store.commit('edit', { tenant, id: soon.id, patch: { title: 'x' } });
      expect((await refusal(edit)).code).toBe('not_found');
      const mark = store.commit('mark', { reader: ada, ids: [soon.id], mark: 'read' });
      expect((await refusal(mark)).code).toBe('not_found');

      const { out, events } = await store.commit('expire', { limit: 100 });
      expect(out.expired).toBe(2);
      expect(events.map(({ tenant, type, data }) => ({ tenant, type, id: JSON.parse(data).id }))).toEqual([
        { tenant: other, type: 'notification.withdrawn', id: elsewhere.id },
        { tenant, type: 'notification.withdrawn', id: soon.id },
      ]);
      expect((await store.commit('expire', { limit: 100 })).out.expired).toBe(0);
      expect((await everyEvent(store, tenant)).at(-1)?.type).toBe('notification.withdrawn');
    });

    test('counts none of many that have expired and are not swept yet', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const expiring = Array.from({ length: 150 }, () => ({ expiresAt: inSeconds(10) }));
      await publish(store, tenant, {}, ...expiring, {});
      turnClock(11_000);
      expect(await countsOf(store, reader(tenant, 'ada'))).toEqual({ unread: 2, unseen: 2 });
      await store.commit('expire', { limit: 1_000 });
    });

    test.each([1, 150])(
      'counts what is fresh of more than fill a count, whether %i have expired and are not swept',
      async (count) => {
        const { store, turnClock } = open();
        const tenant = newTenant();
        const ada = reader(tenant, 'ada');
        const old = await publish(store, tenant, ...Array.from({ length: 1_300 }, () => ({})));
        await markUpTo(store, ada, 'seen', numberOf(old.at(-21)!));
        const expiring = Array.from({ length: count }, () => ({ expiresAt: inSeconds(10) }));
        const [marked] = await publish(store, tenant, {}, ...expiring, {});
        await mark(store, ada, 'seen', marked!);
        expect(await countsOf(store, ada)).toEqual({ unread: 1_000, unseen: 21 + count });
        turnClock(11_000);
        expect(await countsOf(store, ada)).toEqual({ unread: 1_000, unseen: 21 });
        await store.commit('expire', { limit: 1_000 });
        expect(await countsOf(store, ada)).toEqual({ unread: 1_000, unseen: 21 });
      },
    );

    test('sweeps no more than it was asked to, the longest expired first', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const drafts = [30, 10, 20].map((seconds) => draft({ title: `${seconds}`, expiresAt: inSeconds(seconds) }));
      await store.commit('publish', { tenant, drafts });
      turnClock(60_000);
      const first = await store.commit('expire', { limit: 2 });
      expect(first.events.map((event) => JSON.parse(event.data).id)).toEqual([drafts[1]?.id, drafts[2]?.id]);
      expect((await store.commit('expire', { limit: 2 })).out.expired).toBe(1);
    });

    test('takes with an item its marks and its place in every list, and nothing of its neighbours', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const [ada, ben] = [reader(tenant, 'ada', { roles: ['x'] }), reader(tenant, 'ben')];
      const expiring = { to: ['role:x', 'all'], expiresAt: inSeconds(10) };
      const [, kept] = await publish(store, tenant, expiring, { to: ['role:x', 'all'], title: 'kept' }, expiring);
      await markUpTo(store, ada, 'seen');
      const all = (await listed(store, ben)).map(({ id }) => ({ id }));
      for (const who of [ada, ben]) await mark(store, who, 'read', ...all);
      turnClock(60_000);
      expect((await store.commit('expire', { limit: 10 })).out.expired).toBe(2);
      for (const who of [ada, ben]) {
        expect(await listed(store, who)).toMatchObject([{ id: kept?.id, readAt: expect.any(String) }]);
      }
      const role = await store.read('notifications', { tenant, query: { to: 'role:x', before: null, limit: 10 } });
      expect(role.items.map((item) => item.id)).toEqual([kept?.id]);
    });

    test('says when the first is due, whatever it is', () =>
      ownStore(harness, async ({ store, now }) => {
        const tenant = newTenant();
        const at = (seconds: number) => new Date(now() + seconds * 1_000).toISOString();
        const nextIn = async () => (await store.commit('expire', { limit: 100 })).out.nextInMs;
        // Nearer than this the clock may stand between the one and the other.
        const about = (seconds: number) => expect.closeTo(seconds * 1_000, -8);
        expect(await nextIn()).toBeNull();
        await publishOne(store, tenant, { expiresAt: at(3_000_000) });
        expect(await nextIn()).toEqual(about(3_000_000));
        const { id } = await ask(store, tenant, { expiresAt: at(2_000_000) });
        expect(await nextIn()).toEqual(about(2_000_000));
        await store.commit('cancelQuestion', { tenant, id });
        expect(await nextIn()).toEqual(about(3_000_000));
      }));

    test('moves with an edit of expiresAt', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const made = await publishOne(store, tenant, { expiresAt: inSeconds(10) });
      await store.commit('edit', { tenant, id: made.id, patch: { expiresAt: null } });
      turnClock(60_000);
      expect((await store.commit('expire', { limit: 10 })).out.expired).toBe(0);
      expect(await listed(store, reader(tenant, 'ada'))).toHaveLength(1);
    });
  });
}
