import { describe, expect, test } from 'vitest';
import { everyEvent, publishOne, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { draft, newTenant } from './samples.ts';

/** The same key again gives the first result. */
export function idempotencySuite(open: SharedStore): void {
  describe('idempotency', () => {
    const store = () => open().store;
    const key = (fingerprint = 'f') => ({ key: 'k', fingerprint });
    const publish = (tenant: string, fingerprint?: string, over = {}) =>
      store().commit('publish', { tenant, drafts: [draft(over)] }, key(fingerprint));

    test('gives the first result again and appends nothing', async () => {
      const tenant = newTenant();
      const first = await publish(tenant);
      expect(first.replayed).toBe(false);
      const again = await publish(tenant, 'f', { title: 'never looked at' });
      const { notifications } = first.out;
      expect(again).toEqual({ out: { notifications }, replayed: true, events: [] });
      expect(await everyEvent(store(), tenant)).toHaveLength(1);
    });

    test('refuses the key with another request', async () => {
      const tenant = newTenant();
      await publish(tenant);
      expect((await refusal(publish(tenant, 'other'))).code).toBe('idempotency_mismatch');
      expect(await everyEvent(store(), tenant)).toHaveLength(1);
    });

    test('keeps the keys of tenants apart', async () => {
      await publish(newTenant());
      expect((await publish(newTenant(), 'other')).replayed).toBe(false);
    });

    test('makes it once when 20 come at once', async () => {
      const tenant = newTenant();
      const results = await Promise.all(Array.from({ length: 20 }, () => publish(tenant)));
      expect(results.filter((result) => !result.replayed)).toHaveLength(1);
      expect(new Set(results.map((result) => result.out.notifications[0]?.id)).size).toBe(1);
      expect(await everyEvent(store(), tenant)).toHaveLength(1);
    });

    test('remembers nothing of what failed', async () => {
      const tenant = newTenant();
      const taken = await publishOne(store(), tenant);
      expect((await refusal(publish(tenant, 'f', { id: taken.id }))).code).toBe('invalid');
      expect((await publish(tenant)).replayed).toBe(false);
    });

    test('holds for other writes too', async () => {
      const tenant = newTenant();
      const emit = () => store().commit('emit', { tenant, to: ['all'], type: 'app.x', data: '1' }, key());
      const first = await emit();
      expect(await emit()).toEqual({ out: first.out, replayed: true, events: [] });
    });

    test('lasts 24 hours, with and without a sweep', async () => {
      const { store, turnClock } = open();
      const publish = (tenant: string, fingerprint: string) =>
        store.commit('publish', { tenant, drafts: [draft()] }, key(fingerprint));
      const sweep = () => store.commit('retain', { maxAgeMs: 1e12, maxBytes: 1e12, limit: 1_000 });
      const [swept, unswept] = [newTenant(), newTenant()];
      for (const tenant of [swept, unswept]) await publish(tenant, 'f');
      turnClock(24 * 3_600_000 - 60_000);
      await sweep();
      expect((await publish(swept, 'f')).replayed).toBe(true);
      turnClock(120_000);
      expect((await publish(unswept, 'other')).replayed).toBe(false);
      await sweep();
      expect((await publish(swept, 'other')).replayed).toBe(false);
      expect((await publish(unswept, 'other')).replayed).toBe(true);
    });
  });
}
