import { EVERYTHING, parseCursor } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { everyEvent, listed, publishOne, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { draft, newTenant, reader } from './samples.ts';

/** Many at once: order, gaps, neighbours. */
export function groupSuite(open: SharedStore): void {
  describe('commits at the same time', () => {
    const store = () => open().store;
    const publish = (tenant: string, over = {}) => store().commit('publish', { tenant, drafts: [draft(over)] });

    test('get gapless numbers in the order they resolve, from 20 racing publishers', async () => {
      const tenant = newTenant();
      const resolved: number[] = [];
      const writer = async (name: number) => {
        for (let i = 0; i < 25; i += 1) {
          const { events } = await publish(tenant, { title: `${name}/${i}` });
          resolved.push(events[0]?.n as number);
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, name) => writer(name)));
      expect(resolved).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
      const events = await everyEvent(store(), tenant);
      expect(events.map((event) => event.n)).toEqual(resolved);
      const byWriter = Map.groupBy(events, (event) => JSON.parse(event.data).notification.title.split('/')[0]);
      for (const own of byWriter.values()) {
        const turns = own.map((event) => Number(JSON.parse(event.data).notification.title.split('/')[1]));
        expect(turns).toEqual([...turns].sort((a, b) => a - b));
      }
    });

    test('keep the order in which they were called, across operations', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const one = draft();
      const calls = await Promise.all([
        store().commit('publish', { tenant, drafts: [one] }),
        store().commit('emit', { tenant, to: ['all'], type: 'app.x', data: '1' }),
        store().commit('edit', { tenant, id: one.id, patch: { title: 'b' } }),
        store().commit('mark', { reader: ada, ids: [one.id], mark: 'read' }),
        store().commit('withdraw', { tenant, id: one.id }),
      ]);
      expect(calls.map((call) => call.events[0]?.n)).toEqual([1, 2, 3, 4, 5]);
    });

    test('leave the neighbours of one that fails alone', async () => {
      const tenant = newTenant();
      const taken = await publishOne(store(), tenant);
      const works = Array.from({ length: 40 }, (_, index) =>
        index % 4 === 1
          ? publish(tenant, { id: taken.id, title: 'twice' })
          : index % 4 === 3
            ? store().commit('withdraw', { tenant, id: 'nothing' })
            : publish(tenant, { title: `${index}` }),
      );
      const results = await Promise.allSettled(works);
      for (const [index, result] of results.entries()) {
        expect(result.status).toBe(index % 2 === 1 ? 'rejected' : 'fulfilled');
      }
      const events = await everyEvent(store(), tenant);
      expect(events.map((event) => event.n)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
      const titles = events.slice(1).map((event) => JSON.parse(event.data).notification.title);
      expect(titles).toEqual(Array.from({ length: 20 }, (_, index) => `${index * 2}`));
    });

    test('leave the neighbours of a failing one alone where all of them publish, and a key is found that one of them used', async () => {
      const tenant = newTenant();
      const taken = await publishOne(store(), tenant);
      const keyed = (title: string) =>
        store().commit('publish', { tenant, drafts: [draft({ title })] }, { key: 'k', fingerprint: 'f' });
      const works = [
        publish(tenant),
        keyed('first'),
        publish(tenant, { id: taken.id }),
        keyed('again'),
        publish(tenant),
      ];
      const settled = await Promise.allSettled(works);
      const told = settled.map((one) => (one.status === 'fulfilled' ? one.value.events.map(({ n }) => n) : 'refused'));
      expect(told).toEqual([[2], [3], 'refused', [], [4]]);
      const fine = await Promise.all([publish(tenant), keyed('again'), publish(tenant)]);
      expect(fine.map(({ events, replayed }) => [events[0]?.n, replayed])).toEqual([
        [5, false],
        [undefined, true],
        [6, false],
      ]);
      expect((await everyEvent(store(), tenant)).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    });

    test('leave nothing of a failing one behind, nor its effects on others', async () => {
      const tenant = newTenant();
      const kept = await publishOne(store(), tenant, { dedupeKey: 'k' });
      const failing = store().commit('publish', {
        tenant,
        drafts: [draft({ dedupeKey: 'k' }), draft({ id: kept.id, to: [] })],
      });
      const late = Array.from({ length: 35 }, () => draft());
      const failingLate = store().commit('publish', { tenant, drafts: [...late, draft({ id: kept.id })] });
      const settled = await Promise.allSettled([failing, failingLate, publish(tenant, { title: 'fine' })]);
      expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
      expect((await listed(store(), reader(tenant, 'ada'))).map((item) => item.id)).toContain(kept.id);
      expect((await everyEvent(store(), tenant)).map((event) => event.n)).toEqual([1, 2]);
    });

    test('are not failed by garbage beside them, and garbage is refused', async () => {
      const tenant = newTenant();
      const wrong = (input: unknown) => store().commit('publish', input as { tenant: string; drafts: [] });
      const garbage = [
        wrong({ tenant: undefined, drafts: [draft()] }),
        wrong({ tenant, drafts: [null] }),
        wrong({ tenant, drafts: [{ ...draft(), title: () => 1 }] }),
        wrong({ tenant, drafts: [{ ...draft(), expiresAt: {} }] }),
        wrong(null),
        store().commit('nothing' as 'publish', { tenant, drafts: [] }),
        store().read('nothing' as 'ping', {}),
        store().read('locate', { log: {} as string, n: 1 }),
      ];
      const fine = publish(tenant);
      await Promise.all(garbage.map(refusal));
      expect((await fine).events[0]?.n).toBe(1);
      expect((await publish(tenant)).events[0]?.n).toBe(2);
    });

    test('are seen by a read begun after they resolved', async () => {
      const tenant = newTenant();
      const check = async () => {
        const { out } = await store().commit('emit', { tenant, to: ['all'], type: 'app.x', data: '1' });
        const n = parseCursor(out.cursor)?.n as number;
        const { head } = await store().read('locate', { log: tenant, n });
        expect(head.n).toBeGreaterThanOrEqual(n);
      };
      await Promise.all(Array.from({ length: 100 }, check));
      expect(await store().read('countBehind', { log: tenant, after: 0, grants: EVERYTHING, cap: 1_000 })).toBe(100);
    });
  });
}
