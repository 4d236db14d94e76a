import { LIMITS } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { everyEvent, publish } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant } from './samples.ts';

export function ackSuite(open: SharedStore): void {
  describe('acks', () => {
    const store = () => open().store;
    const ack = (tenant: string, n: number, device = 'phone', user = 'ada') =>
      store().commit('ack', { tenant, user, device, n });
    const acked = async (tenant: string, device = 'phone', user = 'ada') =>
      (await store().read('acked', { tenant, user, device }))?.n ?? null;

    test('are remembered for each device of each person, with the check value', async () => {
      const tenant = newTenant();
      await publish(store(), tenant, {}, {}, {});
      await ack(tenant, 2);
      const events = await everyEvent(store(), tenant);
      const position = await store().read('acked', { tenant, user: 'ada', device: 'phone' });
      expect(position).toEqual({ n: 2, check: events[1]?.check });
      expect(await acked(tenant, 'laptop')).toBeNull();
      expect(await acked(tenant, 'phone', 'ben')).toBeNull();
      expect(await acked(newTenant())).toBeNull();
    });

    test('move only forward, and never past the head', async () => {
      const tenant = newTenant();
      await publish(store(), tenant, {}, {}, {});
      await ack(tenant, 2);
      await ack(tenant, 1);
      expect(await acked(tenant)).toBe(2);
      await ack(tenant, 99);
      expect(await acked(tenant)).toBe(2);
      await ack(tenant, 3);
      expect(await acked(tenant)).toBe(3);
      await ack(newTenant(), 1);
    });

    test('are kept for 32 devices a person, the stalest goes', async () => {
      const tenant = newTenant();
      await publish(store(), tenant, ...Array.from({ length: 50 }, () => ({})));
      for (let device = 1; device <= LIMITS.devices; device += 1) await ack(tenant, device, `device-${device}`);
      await ack(tenant, 1, 'other person', 'ben');
      await ack(tenant, 40, 'device-1');
      await ack(tenant, 50, 'one more');
      expect(await acked(tenant, 'device-1')).toBe(40);
      expect(await acked(tenant, 'one more')).toBe(50);
      expect(await acked(tenant, 'device-2')).toBeNull();
      expect(await acked(tenant, 'device-3')).toBe(3);
      expect(await acked(tenant, 'other person', 'ben')).toBe(1);
    });
  });
}
