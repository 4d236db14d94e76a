import type { Store } from '@belfry/core';
import { EVERYTHING } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { countsOf, everyEvent, listed, publish, publishOne } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant, reader } from './samples.ts';

const HOUR = 3_600_000;

/** Events go by age and size; inboxes and numbers stay. */
export function retentionSuite(open: SharedStore): void {
  describe('retention', () => {
    const retain = async (store: Store, over: { maxAgeMs?: number; maxBytes?: number; limit?: number }) =>
      (await store.commit('retain', { maxAgeMs: 1e12, maxBytes: 1e12, limit: 100_000, ...over })).out.deleted;
    /** Other tests' tenants are down to their newest event, and so out of every count. */
    const trimmed = async () => {
      await retain(open().store, { maxAgeMs: -HOUR });
      return open();
    };
    const numbers = async (store: Store, tenant: string) => (await everyEvent(store, tenant)).map((event) => event.n);

    test('deletes what is too old, in every tenant, but always keeps the newest', async () => {
      const { store, turnClock } = await trimmed();
      const [busy, silent] = [newTenant(), newTenant()];
      await publish(store, busy, {}, {}, {});
      await publish(store, silent, {}, {});
      turnClock(2 * HOUR);
      await publish(store, busy, {}, {});
      expect(await retain(store, { maxAgeMs: 3 * HOUR })).toBe(0);
      expect(await retain(store, { maxAgeMs: HOUR })).toBe(4);
      expect(await numbers(store, busy)).toEqual([4, 5]);
      expect(await numbers(store, silent)).toEqual([2]);
      expect(await retain(store, { maxAgeMs: HOUR })).toBe(0);
      expect(await store.read('locate', { log: busy, n: 2 })).toMatchObject({
        head: { n: 5 },
        check: null,
        oldest: 4,
      });
      expect(await retain(store, { maxAgeMs: -HOUR })).toBe(1);
      expect(await numbers(store, busy)).toEqual([5]);
      await publishOne(store, silent);
      expect(await numbers(store, silent)).toEqual([2, 3]);
    });

    test('looks at some logs at a time, stays with those that have more, and comes to all of them', async () => {
      const { store } = await trimmed();
      const tenants = [newTenant(), newTenant(), newTenant()];
      for (const tenant of tenants) await publish(store, tenant, {}, {}, {});
      const kept = async () => (await Promise.all(tenants.map((tenant) => numbers(store, tenant)))).flat().length;
      const step = { maxAgeMs: -HOUR, maxBytes: 1e12, limit: 2 };
      let after = 0;
      let steps = 0;
      let most = 0;
      for (let before = await kept(); ; steps += 1) {
        const { out } = await store.commit('retain', { ...step, logs: { after, limit: 1 } });
        const now = await kept();
        most = Math.max(most, before - now);
        before = now;
        if (out.next === null) break;
        expect(out.next).toBeGreaterThanOrEqual(after);
        after = out.next;
      }
      expect([await kept(), most]).toEqual([3, 2]);
      expect(steps).toBeGreaterThanOrEqual(6);
    });

    test('leaves inboxes, marks and counts as they were', async () => {
      const { store } = await trimmed();
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const items = await publish(store, tenant, {}, { to: ['all'] }, {});
      await store.commit('mark', { reader: ada, ids: [items[1]?.id as string], mark: 'read' });
      const before = await listed(store, ada);
      await retain(store, { maxAgeMs: -HOUR });
      expect(await listed(store, ada)).toEqual(before);
      expect(await countsOf(store, ada)).toEqual({ unread: 2, unseen: 2 });
    });

    test('deletes the oldest until a log is under its size', async () => {
      const { store } = await trimmed();
      const [big, small] = [newTenant(), newTenant()];
      const data = JSON.stringify('é'.repeat(500));
      for (let i = 0; i < 10; i += 1) await store.commit('emit', { tenant: big, to: ['all'], type: 'app.x', data });
      await store.commit('emit', { tenant: small, to: ['all'], type: 'app.x', data });
      // Its data, and each address twice: in the event and in an index.
      const bytes = Buffer.byteLength(data) + 2 * JSON.stringify(['all']).length;
      expect(await retain(store, { maxBytes: bytes * 4 + 10 })).toBe(6);
      expect(await numbers(store, big)).toEqual([7, 8, 9, 10]);
      expect(await retain(store, { maxBytes: bytes * 4 })).toBe(0);
      expect(await retain(store, { maxBytes: 1 })).toBe(3);
      expect(await numbers(store, big)).toEqual([10]);
      expect(await numbers(store, small)).toEqual([1]);
    });

    test('deletes no more than it was asked to, oldest first', async () => {
      const { store } = await trimmed();
      const tenant = newTenant();
      await publish(store, tenant, ...Array.from({ length: 10 }, () => ({})));
      expect(await retain(store, { maxAgeMs: -HOUR, limit: 4 })).toBe(4);
      expect(await numbers(store, tenant)).toEqual([5, 6, 7, 8, 9, 10]);
      expect(await retain(store, { maxAgeMs: -HOUR, limit: 100 })).toBe(5);
    });

    test('takes the deleted out of pages by channel and of counts', async () => {
      const { store } = await trimmed();
      const tenant = newTenant();
      await publish(store, tenant, { to: ['all', 'topic:x'] }, { to: ['topic:x'] }, { to: ['all'] });
      await retain(store, { maxAgeMs: -HOUR, limit: 1 });
      expect((await everyEvent(store, tenant, ['topic:x', 'all'])).map((event) => event.n)).toEqual([2, 3]);
      const grants = { everything: false, exact: ['topic:x'], prefixes: [] };
      expect(await store.read('countBehind', { log: tenant, after: 0, grants, cap: 10 })).toBe(1);
      expect(await store.read('countBehind', { log: tenant, after: 2, grants: EVERYTHING, cap: 10 })).toBe(1);
    });
  });
}
