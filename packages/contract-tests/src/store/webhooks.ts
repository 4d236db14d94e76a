import { type ClaimedDelivery, type DeliveryOutcome, newId, type Store } from '@belfry/core';
import { describe, expect, test } from 'vitest';
import { publish, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant } from './samples.ts';

const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;
const EVERY = { limit: 1_000, failingLimit: 1_000, each: 1_000, exceptions: {}, failing: [], leaseMs: LEASE_MS };

/** Deliveries come from the log, and each is one claimer's at a time. */
export function webhookSuite(open: SharedStore): void {
  describe('webhooks', () => {
    const add = async (tenant: string, events = ['*']) => {
      const id = newId(Date.now());
      const input = { tenant, id, url: 'https://hooks.example/', events, secret: 'whsec_x' };
      await open().store.commit('addWebhook', input);
      return id;
    };
    /** Until there is nothing left. */
    const enlist = async (store: Store, limit = 100, maxPending = 10_000) => {
      let moved = 0;
      for (;;) {
        const { out } = await store.commit('enlistDeliveries', { limit, maxPending });
        moved += out.moved;
        if (out.moved === 0 && !out.busy) return moved;
      }
    };
    const claim = async (over: object = {}) =>
      (await open().store.commit('claimDeliveries', { ...EVERY, ...over })).out.deliveries;
    /** Of this webhook; what other tests left is claimed along and left alone. */
    const claimOf = async (webhook: string, over: object = {}) =>
      (await claim(over)).filter((one) => one.webhook === webhook);
    const settle = ({ id, claim }: ClaimedDelivery, outcome: DeliveryOutcome) =>
      open().store.commit('settleDelivery', { id, claim, outcome });
    const fail = (one: ClaimedDelivery, retryInMs: number | null) =>
      settle(one, { delivered: false, error: 'It answered 500', retryInMs });
    const list = async (tenant: string, webhook: string) => {
      const query = { before: null, limit: 1_000 };
      return (await open().store.read('deliveries', { tenant, webhook, query }))?.items ?? [];
    };
    const types = async (tenant: string, webhook: string) =>
      (await list(tenant, webhook)).map(({ type }) => type).reverse();
    const emit = (tenant: string, type: string) =>
      open().store.commit('emit', { tenant, to: ['all'], type, data: '1' });

    test('begin at the head of the log, and get what they want once, in its order, in however many steps', async () => {
      const { store } = open();
      const tenant = newTenant();
      await publish(store, tenant, {}, {});
      const [all, some] = [await add(tenant), await add(tenant, ['app.a*', 'none'])];
      const sent = Array.from({ length: 90 }, (_, n) => `app.${n % 3 === 0 ? 'a' : 'b'}${n}`);
      for (const type of sent) await emit(tenant, type);
      await enlist(store, 20);
      expect(await types(tenant, all)).toEqual(sent);
      expect(await types(tenant, some)).toEqual(sent.filter((type) => type.startsWith('app.a')));
      await enlist(store);
      expect(await list(tenant, all)).toHaveLength(90);
    });

    test('of each tenant get their part of a step: a backlog of one keeps no other waiting', async () => {
      const { store } = open();
      const [busy, quiet] = [newTenant(), newTenant()];
      const [ofBusy, ofQuiet] = [await add(busy), await add(quiet)];
      await enlist(store);
      for (let n = 0; n < 30; n += 1) await emit(busy, `app.e${n}`);
      await emit(quiet, 'app.one');
      await store.commit('enlistDeliveries', { limit: 10, maxPending: 10_000 });
      expect(await types(quiet, ofQuiet)).toEqual(['app.one']);
      expect((await list(busy, ofBusy)).length).toBeLessThanOrEqual(10);
      await enlist(store, 10);
      expect(await list(busy, ofBusy)).toHaveLength(30);
    });

    test('get each event once, however many move them on at once', async () => {
      const { store } = open();
      const tenant = newTenant();
      const id = await add(tenant);
      const work = Array.from({ length: 60 }, (_, n) => emit(tenant, `app.e${n}`).then(() => enlist(store, 5)));
      await Promise.all(work);
      await enlist(store);
      const sent = await types(tenant, id);
      expect(new Set(sent).size).toBe(60);
      expect(sent).toHaveLength(60);
    });

    test('are signed by an old secret until its time is over, and by four of them at most', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const id = await add(tenant);
      const rotate = (secret: string, overlapMs: number) =>
        store.commit('rotateSecret', { tenant, id, secret, overlapMs });
      const secrets = async () => {
        await emit(tenant, 'app.a');
        await enlist(store);
        return (await claimOf(id)).at(-1)?.secrets;
      };
      await rotate('whsec_y', 60_000);
      await rotate('whsec_z', 120_000);
      expect(await secrets()).toEqual(['whsec_z', 'whsec_y', 'whsec_x']);
      turnClock(60_000);
      expect(await secrets()).toEqual(['whsec_z', 'whsec_y']);
      await rotate('whsec_soon', 10_000);
      expect(await secrets()).toEqual(['whsec_soon', 'whsec_z', 'whsec_y']);
      turnClock(10_000);
      expect(await secrets()).toEqual(['whsec_soon']);
      await rotate('whsec_later', 60_000);
      await rotate('whsec_now', 0);
      expect(await secrets()).toEqual(['whsec_now']);
      for (const at of [1, 2, 3, 4, 5, 6]) await rotate(`whsec_${at}`, 60_000);
      expect(await secrets()).toEqual(['whsec_6', 'whsec_5', 'whsec_4', 'whsec_3', 'whsec_2']);
      const foreign = store.commit('rotateSecret', { tenant: newTenant(), id, secret: 'whsec_no', overlapMs: 0 });
      expect((await refusal(foreign)).code).toBe('not_found');
    });

    test('are claimed by one of many, with their bodies, and not again before the lease ends', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const id = await add(tenant);
      for (let n = 0; n < 40; n += 1) await emit(tenant, `app.e${n}`);
      await enlist(store);
      const claims = await Promise.all(Array.from({ length: 8 }, () => claimOf(id, { each: 25 })));
      const first = [...claims.flat(), ...(await claimOf(id))];
      expect(new Set(first.map((one) => one.id)).size).toBe(40);
      expect(first).toHaveLength(40);
      expect(first.every(({ attempt }) => attempt === 1)).toBe(true);
      expect(JSON.parse(first[0]?.body ?? '')).toMatchObject({ tenant, channel: 'all', to: ['all'], data: 1 });
      expect(await claimOf(id)).toEqual([]);
      turnClock(LEASE_MS + 1);
      const again = await claimOf(id);
      expect(again.map((one) => one.id).sort()).toEqual(first.map((one) => one.id).sort());
      expect(again.every(({ attempt }) => attempt === 2)).toBe(true);
    });

    test('are claimed by one of those who ask at the same time, however often they race', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const id = await add(tenant);
      for (let n = 0; n < 40; n += 1) await emit(tenant, `app.e${n}`);
      await enlist(store);
      for (let round = 0; round < 12; round += 1) {
        const claims = (await Promise.all(Array.from({ length: 6 }, () => claimOf(id)))).flat();
        expect(new Set(claims.map((one) => one.id)).size).toBe(40);
        expect(claims).toHaveLength(40);
        turnClock(LEASE_MS + 1);
      }
    });

    test('take no result from a claimer whose lease has ended, once another has claimed', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const id = await add(tenant);
      await emit(tenant, 'app.x');
      await enlist(store);
      const [late] = await claimOf(id);
      turnClock(LEASE_MS + 1);
      const [now] = await claimOf(id);
      await fail(late as ClaimedDelivery, null);
      expect(await list(tenant, id)).toMatchObject([{ status: 'pending', attempts: 2 }]);
      await settle(now as ClaimedDelivery, { delivered: true });
      await fail(now as ClaimedDelivery, null);
      expect(await list(tenant, id)).toMatchObject([{ status: 'delivered', nextAt: null, error: null }]);
    });

    test('come back after their time, become dead letters, and are driven again as new ones', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const id = await add(tenant);
      await emit(tenant, 'app.x');
      await enlist(store);
      const [first] = await claimOf(id);
      await fail(first as ClaimedDelivery, 5_000);
      expect(await list(tenant, id)).toMatchObject([{ status: 'pending', error: 'It answered 500', finishedAt: null }]);
      turnClock(4_000);
      expect(await claimOf(id)).toEqual([]);
      turnClock(1_100);
      const [second] = await claimOf(id);
      expect(second).toMatchObject({ id: first?.id, attempt: 2 });
      await fail(second as ClaimedDelivery, null);
      expect(await list(tenant, id)).toMatchObject([{ status: 'dead', attempts: 2, nextAt: null }]);
      expect(await claimOf(id)).toEqual([]);
      const { out } = await store.commit('redriveDead', { tenant, webhook: id, limit: 10 });
      expect(out).toEqual({ redriven: 1 });
      const [third] = await claimOf(id);
      expect(third).toMatchObject({ id: first?.id, attempt: 1 });
      // Driven once more while it is under way: that try's result is an old one.
      await store.commit('redriveDelivery', { tenant, webhook: id, id: first?.id as string });
      await fail(third as ClaimedDelivery, null);
      expect(await claimOf(id)).toMatchObject([{ id: first?.id, attempt: 1 }]);
    });

    test('are claimed no more than each may have, and a long queue of one keeps no other waiting', async () => {
      const { store } = open();
      const tenant = newTenant();
      const [long, short, broken] = [await add(tenant, ['app.long']), await add(tenant, ['app.s']), await add(tenant)];
      for (let n = 0; n < 30; n += 1) await emit(tenant, 'app.long');
      await emit(tenant, 'app.s');
      await enlist(store);
      const room = { each: 2, exceptions: { [long]: 1 }, failing: [broken], failingLimit: 0 };
      const had = (await claim(room)).map(({ webhook }) => webhook);
      expect(had.filter((one) => one === long)).toHaveLength(1);
      expect(had.filter((one) => one === short)).toHaveLength(1);
      expect(had).not.toContain(broken);
      expect(await claimOf(broken, { failing: [broken], failingLimit: 3 })).toHaveLength(3);
    });

    test('stay where they are in the log while too many wait, and go on when some have ended', async () => {
      const { store } = open();
      const tenant = newTenant();
      const id = await add(tenant);
      for (let n = 0; n < 9; n += 1) await emit(tenant, `app.e${n}`);
      await enlist(store, 2, 5);
      expect(await list(tenant, id)).toHaveLength(6);
      for (const one of await claimOf(id)) await settle(one, { delivered: true });
      await enlist(store, 2, 5);
      expect(await types(tenant, id)).toEqual(Array.from({ length: 9 }, (_, n) => `app.e${n}`));
    });

    test('say how many events were deleted before they came to them, and go on behind these', async () => {
      const { store } = open();
      const tenant = newTenant();
      const id = await add(tenant);
      const missed = async () => (await store.read('webhooks', { tenant })).map((one) => one.missed);
      for (let n = 0; n < 9; n += 1) await emit(tenant, `app.e${n}`);
      await enlist(store, 2, 2);
      const had = (await list(tenant, id)).length;
      expect(await missed()).toEqual([0]);
      const { out } = await store.commit('retain', { maxAgeMs: -60_000, maxBytes: 1e12, limit: 100_000 });
      expect(out.missed).toBeGreaterThanOrEqual(8 - had);
      expect(await missed()).toEqual([8 - had]);
      for (const one of await claimOf(id)) await settle(one, { delivered: true });
      await enlist(store);
      expect((await types(tenant, id)).at(-1)).toBe('app.e8');
      expect(await list(tenant, id)).toHaveLength(had + 1);
    });

    test('of another tenant are not found, whatever is asked', async () => {
      const { store } = open();
      const [ours, theirs] = [newTenant(), newTenant()];
      const id = await add(theirs);
      await publish(store, ours, {});
      await emit(theirs, 'app.x');
      await enlist(store);
      const [delivery] = await list(theirs, id);
      const asked = { tenant: ours, webhook: id };
      expect(await store.read('webhooks', { tenant: ours })).toEqual([]);
      expect(await store.read('deliveries', { ...asked, query: { before: null, limit: 5 } })).toBeNull();
      const refusals = [
        refusal(store.commit('removeWebhook', { tenant: ours, id })),
        refusal(store.commit('redriveDead', { ...asked, limit: 5 })),
        refusal(store.commit('redriveDelivery', { ...asked, id: delivery?.id as string })),
      ];
      for (const { code } of await Promise.all(refusals)) expect(code).toBe('not_found');
    });

    test('are work while they are behind or something is due, and none where there is no webhook', async () => {
      const { store } = open();
      const tenant = newTenant();
      const id = await add(tenant);
      await enlist(store);
      await claim();
      expect(await store.read('webhookWork', {})).toMatchObject({
        behind: false,
        tenants: expect.arrayContaining([tenant]),
      });
      await emit(tenant, 'app.x');
      expect((await store.read('webhookWork', {})).behind).toBe(true);
      await enlist(store);
      expect(await store.read('webhookWork', {})).toMatchObject({ behind: false, dueInMs: 0 });
      await store.commit('removeWebhook', { tenant, id });
      expect((await store.read('webhookWork', {})).tenants).not.toContain(tenant);
      expect(await claimOf(id)).toEqual([]);
    });

    test('are counted for operators, those that wait and those that were given up, no further than asked', async () => {
      const { store } = open();
      const tenant = newTenant();
      const id = await add(tenant);
      const before = await store.read('deliveryBacklog', { cap: 100_000 });
      for (const type of ['app.a', 'app.b', 'app.c']) await emit(tenant, type);
      await enlist(store);
      const [one] = await claimOf(id);
      await settle(one as ClaimedDelivery, { delivered: false, error: 'x', retryInMs: null });
      const { waiting, dead } = await store.read('deliveryBacklog', { cap: 100_000 });
      expect([waiting - before.waiting, dead - before.dead]).toEqual([2, 1]);
      expect(await store.read('deliveryBacklog', { cap: 1 })).toEqual({ waiting: 1, dead: 1 });
    });

    test('forget what was delivered after 3 days, what is dead after 30, and at once what a removed one had', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const [kept, removed] = [await add(tenant), await add(tenant)];
      for (const type of ['app.a', 'app.b', 'app.c']) await emit(tenant, type);
      await enlist(store);
      const [one, other] = await claimOf(kept);
      await settle(one as ClaimedDelivery, { delivered: true });
      await fail(other as ClaimedDelivery, null);
      await store.commit('removeWebhook', { tenant, id: removed });
      const retain = async () =>
        (await store.commit('retain', { maxAgeMs: 1e15, maxBytes: 1e15, limit: 100_000 })).out.deleted;
      expect(await retain()).toBeGreaterThanOrEqual(3);
      expect(await list(tenant, kept)).toHaveLength(3);
      turnClock(3 * DAY_MS + 1_000);
      await retain();
      expect((await list(tenant, kept)).map(({ status }) => status).sort()).toEqual(['dead', 'pending']);
      turnClock(27 * DAY_MS);
      await retain();
      expect((await list(tenant, kept)).map(({ status }) => status)).toEqual(['pending']);
      expect(await retain()).toBe(0);
    });
  });
}
