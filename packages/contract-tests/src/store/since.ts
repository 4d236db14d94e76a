import { describe, expect, test } from 'vitest';
import { publish } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant, reader } from './samples.ts';

const GROUPS = 12;

/** From when on a person is shown what stands on shared channels, wherever that falls in a log with gaps. */
export function sinceSuite(open: SharedStore): void {
  describe('since', () => {
    test('finds the first item of any moment, whatever was withdrawn around it', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const made: { id: string; at: number }[] = [];
      for (let group = 0; group < GROUPS; group += 1) {
        const drafts = Array.from({ length: 1 + (group % 3) }, () => ({ to: ['all'] }));
        for (const { id, createdAt } of await publish(store, tenant, ...drafts)) {
          made.push({ id, at: Date.parse(createdAt) });
        }
        turnClock(1_000);
      }
      const gone = new Set(made.filter((_, index) => index % 4 === 0 || (index > 8 && index < 13)).map(({ id }) => id));
      for (const id of gone) await store.commit('withdraw', { tenant, id });
      const left = made.filter(({ id }) => !gone.has(id));
      for (const since of new Set(made.flatMap(({ at }) => [at - 1, at, at + 1]))) {
        const ada = { ...reader(tenant, 'ada'), since };
        const { items } = await store.read('inbox', {
          reader: ada,
          query: { filter: 'all', before: null, limit: 100 },
        });
        const expected = left.filter(({ at }) => at >= since).map(({ id }) => id);
        expect(items.map(({ id }) => id).reverse()).toEqual(expected);
      }
    });

    test('finds nothing where everything was withdrawn', async () => {
      const { store } = open();
      const tenant = newTenant();
      for (const { id } of await publish(store, tenant, { to: ['all'] }, { to: ['all'] })) {
        await store.commit('withdraw', { tenant, id });
      }
      const query = { filter: 'all' as const, before: null, limit: 10 };
      expect((await store.read('inbox', { reader: reader(tenant, 'ada'), query })).items).toEqual([]);
    });
  });
}
