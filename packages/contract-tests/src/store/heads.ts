import { ORIGIN } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { publish } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant } from './samples.ts';

/** Where many logs end, asked in one go. */
export function headSuite(open: SharedStore): void {
  describe('heads', () => {
    const store = () => open().store;

    test('are the last position of each log that was asked for, as locate gives it', async () => {
      const [one, other, silent] = [newTenant(), newTenant(), newTenant()];
      await publish(store(), one, {}, {}, {});
      await publish(store(), other, {});
      const heads = await store().read('heads', { logs: [other, silent, one] });
      const located = async (tenant: string) => (await store().read('locate', { log: tenant, n: 0 })).head;
      expect(heads).toEqual([
        { log: other, head: await located(other) },
        { log: silent, head: ORIGIN },
        { log: one, head: await located(one) },
      ]);
      expect(heads.map(({ head }) => head.n)).toEqual([1, 0, 3]);
    });

    test('are given for a thousand logs at once, and for none', async () => {
      const tenants = Array.from({ length: 1_000 }, newTenant);
      expect(await store().read('heads', { logs: tenants })).toHaveLength(1_000);
      expect(await store().read('heads', { logs: [] })).toEqual([]);
    });
  });
}
