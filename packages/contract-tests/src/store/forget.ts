import { logName, newId, type Store } from '@belfry/core';
import type { Channel } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { everyEvent, listed, publish, publishOne } from './fixtures.ts';
import { ownStore, type StoreHarness } from './harness.ts';
import { ask } from './question-samples.ts';
import { newTenant, reader } from './samples.ts';

const DAY = 86_400_000;
const NEVER = { inboxMs: 1e12, inboxItems: 1e9, closedMs: 1e12, limit: 1_000 };

/** What nobody looks at any more goes, by age and by number. */
export function forgetSuite(harness: StoreHarness): void {
  describe('forgetting', () => {
    const forget = async (store: Store, over: Partial<typeof NEVER>) =>
      (await store.commit('forget', { ...NEVER, ...over })).out.forgotten;

    test('withdraws items by age, the oldest first and in steps, and says so', async () => {
      await ownStore(harness, async ({ store, turnClock }) => {
        const tenant = newTenant();
        await publish(store, tenant, {}, {}, {});
        turnClock(10 * DAY);
        const young = await publishOne(store, tenant);
        expect(await forget(store, { inboxMs: 11 * DAY })).toBe(0);
        expect(await forget(store, { inboxMs: 5 * DAY, limit: 2 })).toBe(2);
        expect(await forget(store, { inboxMs: 5 * DAY, limit: 2 })).toBe(1);
        expect(await forget(store, { inboxMs: 5 * DAY })).toBe(0);
        expect((await listed(store, reader(tenant, 'ada'))).map(({ id }) => id)).toEqual([young.id]);
        const types = (await everyEvent(store, tenant)).map(({ type }) => type);
        expect(types.slice(4)).toEqual(Array(3).fill('notification.withdrawn'));
      });
    });

    test('withdraws items past a number, of each tenant by itself', async () => {
      await ownStore(harness, async ({ store }) => {
        const [full, other] = [newTenant(), newTenant()];
        const sent = await publish(store, full, {}, {}, {}, {}, {});
        await publish(store, other, {}, {});
        expect(await forget(store, { inboxItems: 2 })).toBe(3);
        const kept = (await listed(store, reader(full, 'ada'))).map(({ id }) => id);
        expect(kept).toEqual([sent[4]?.id, sent[3]?.id]);
        expect(await listed(store, reader(other, 'ada'))).toHaveLength(2);
        expect(await forget(store, { inboxItems: 2 })).toBe(0);
      });
    });

    test('deletes closed questions and finished runs with their logs, and leaves open ones', async () => {
      await ownStore(harness, async ({ store, turnClock, now }) => {
        const tenant = newTenant();
        const [closed, open] = [
          await ask(store, tenant, { id: newId(now()) }),
          await ask(store, tenant, { id: newId(now()) }),
        ];
        const plain = { to: ['user:ada'], kind: 'build', title: 'A build', subject: null, data: null, timeoutMs: null };
        const created = async () =>
          (await store.commit('createRun', { tenant, draft: { ...plain, id: newId(now()) } })).out.run;
        const [finished, running] = [await created(), await created()];
        await store.commit('cancelQuestion', { tenant, id: closed.id });
        const change = { tenant, id: finished.id, reader: null };
        await store.commit('changeRun', { ...change, change: { status: 'running' } });
        await store.commit('changeRun', { ...change, change: { status: 'succeeded' } });
        turnClock(31 * DAY);
        expect(await forget(store, { closedMs: 40 * DAY })).toBe(0);
        expect(await forget(store, { closedMs: 30 * DAY })).toBe(2);
        const questions = await Promise.all([closed, open].map(({ id }) => store.read('question', { tenant, id })));
        expect(questions.map((one) => one?.question.id ?? null)).toEqual([null, open.id]);
        const runs = await Promise.all(
          [finished, running].map(({ id }) => store.read('run', { tenant, reader: null, id })),
        );
        expect(runs.map((one) => one?.id ?? null)).toEqual([null, running.id]);
        expect(await everyEvent(store, logName({ tenant, run: finished.id }))).toEqual([]);
      });
    });

    test('counts from when a question was closed and a run finished, however old they are', async () => {
      await ownStore(harness, async ({ store, turnClock, now }) => {
        const tenant = newTenant();
        const draft = { to: ['user:ada'], kind: 'build', title: 'A build', subject: null, data: null, timeoutMs: null };
        const question = await ask(store, tenant, { id: newId(now()) });
        const { run } = (await store.commit('createRun', { tenant, draft: { ...draft, id: newId(now()) } })).out;
        turnClock(100 * DAY);
        await store.commit('cancelQuestion', { tenant, id: question.id });
        await store.commit('changeRun', { tenant, id: run.id, reader: null, change: { status: 'cancelled' } });
        turnClock(20 * DAY);
        expect(await forget(store, { closedMs: 30 * DAY })).toBe(0);
        turnClock(11 * DAY);
        expect(await forget(store, { closedMs: 30 * DAY })).toBe(2);
      });
    });

    test('deletes a question that expired so long ago, with all of its channels, and no other’s', async () => {
      await ownStore(harness, async ({ store, turnClock, now }) => {
        const tenant = newTenant();
        const to: Channel[] = ['topic:a', 'topic:b'];
        const [old, other] = [
          await ask(store, tenant, { id: newId(now()), to, expiresInMs: DAY }),
          await ask(store, tenant, { id: newId(now()), to }),
        ];
        turnClock(2 * DAY);
        await store.commit('expire', { limit: 10 });
        turnClock(31 * DAY);
        expect(await forget(store, { closedMs: 30 * DAY })).toBe(1);
        const query = { before: null, limit: 10 };
        const ada = reader(tenant, 'ada', { channels: ['topic:b'] });
        const { items } = await store.read('questions', { tenant, reader: ada, query });
        expect(items.map(({ id }) => id)).toEqual([other.id]);
        expect(await store.read('question', { tenant, id: old.id })).toBeNull();
      });
    });
  });
}
