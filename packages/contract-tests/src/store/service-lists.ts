import { EVERYTHING } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { numberOf, publish, publishOne } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant } from './samples.ts';

/** What services see: everything, with `to` and without marks. */
export function serviceListSuite(open: SharedStore): void {
  describe('lists for services', () => {
    const store = () => open().store;
    const query = (over: object = {}) => ({ before: null, limit: 100, ...over });

    test('lists a tenant’s notifications newest first, in pages', async () => {
      const tenant = newTenant();
      const made = await publish(store(), tenant, ...Array.from({ length: 7 }, (_, i) => ({ to: [`topic:${i}`] })));
      const first = await store().read('notifications', { tenant, query: query({ limit: 4 }) });
      expect(first.items).toEqual(made.slice(3).reverse());
      expect(first.nextCursor).toBe(made[3]?.cursor);
      const second = await store().read('notifications', { tenant, query: query({ limit: 4, before: 4 }) });
      expect(second).toEqual({ items: made.slice(0, 3).reverse(), nextCursor: null });
    });

    test('narrows by channel, type, severity and subject', async () => {
      const tenant = newTenant();
      await publish(
        store(),
        tenant,
        { to: ['all', 'topic:x'], title: 'a', subject: { kind: 'k', id: '1' } },
        { to: ['topic:x'], title: 'b', type: 'build.ok' },
        { to: ['user:ada'], title: 'c', severity: 'warning' },
      );
      const titles = async (over: object) =>
        (await store().read('notifications', { tenant, query: query(over) })).items.map((item) => item.title);
      expect(await titles({ to: 'topic:x' })).toEqual(['b', 'a']);
      expect(await titles({ to: 'topic:nothing' })).toEqual([]);
      expect(await titles({ types: ['build.*'] })).toEqual(['b']);
      expect(await titles({ severity: ['warning'] })).toEqual(['c']);
      expect(await titles({ subject: { kind: 'k', id: '1' }, to: 'all' })).toEqual(['a']);
    });

    test('keeps tenants apart', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const made = await publishOne(store(), tenant);
      expect(await store().read('notification', { tenant: other, id: made.id })).toBeNull();
      expect((await store().read('notifications', { tenant: other, query: query() })).items).toEqual([]);
    });

    test('gives a service the newest of what it follows, at its position', async () => {
      const tenant = newTenant();
      const made = await publish(store(), tenant, { to: ['all'] }, { to: ['topic:x'], type: 'b' }, { to: ['topic:y'] });
      const everything = await store().read('serviceState', { tenant, grants: EVERYTHING, limit: 2 });
      expect(everything.at.n).toBe(3);
      expect(everything.notifications).toEqual({ items: [made[2], made[1]], nextCursor: made[1]?.cursor });
      const grants = { everything: false, exact: ['all'], prefixes: ['topic:x'] };
      const some = await store().read('serviceState', { tenant, grants, limit: 50 });
      expect(some.notifications.items.map(numberOf)).toEqual([2, 1]);
      const typed = await store().read('serviceState', { tenant, grants, types: ['b'], limit: 50 });
      expect(typed.notifications.items.map(numberOf)).toEqual([2]);
      const nothing = await store().read('serviceState', { tenant: newTenant(), grants: EVERYTHING, limit: 50 });
      const empty = { notifications: { items: [], nextCursor: null }, questions: [], runs: [] };
      expect(nothing).toEqual({ at: { n: 0, check: '0' }, ...empty });
    });
  });
}
