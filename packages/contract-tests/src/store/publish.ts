import { envelopeJson } from '@belfry/core';
import { describe, expect, test } from 'vitest';
import { everyEvent, listed, numberOf, publish, publishOne, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { draft, newTenant, reader } from './samples.ts';

const FULL = {
  to: ['all', 'user:ada'],
  type: 'build.failed',
  title: 'It broke',
  body: 'Line one\nline two',
  actionUrl: '/builds/7',
  actions: [{ id: 'retry', label: 'Try again' }],
  actor: { name: 'Ben', avatarUrl: 'https://example.com/ben.png' },
  icon: 'bolt',
  severity: 'critical' as const,
  subject: { kind: 'build', id: '7', title: 'main' },
  data: { deep: [1, { two: null }] },
  expiresAt: '2999-01-01T00:00:00.000Z',
};

/** Publishing, editing, withdrawing, replacing and expiring notifications. */
export function publishSuite(open: SharedStore): void {
  describe('publish', () => {
    const store = () => open().store;
    const one = (tenant: string, id: string) => store().read('notification', { tenant, id });

    test('keeps all that was sent, with a position and a time', async () => {
      const tenant = newTenant();
      const sent = draft(FULL);
      const { out, events, replayed } = await store().commit('publish', { tenant, drafts: [sent] });
      const [made] = out.notifications;
      const { dedupeKey: _, ...content } = sent;
      expect(made).toMatchObject({ ...content, channel: 'all' });
      expect(made?.createdAt).toBe(events[0]?.time);
      expect(made?.updatedAt).toBe(made?.createdAt);
      expect(made?.cursor).toBe(`${store().epoch}-1-${events[0]?.check}`);
      expect(replayed).toBe(false);
      expect(await one(tenant, sent.id)).toEqual(made);
    });

    test('writes an event whose text can be spliced for each reader', async () => {
      const tenant = newTenant();
      const { events } = await store().commit('publish', { tenant, drafts: [draft(FULL)] });
      const [event] = events;
      expect(event).toMatchObject({ type: 'notification.created', to: FULL.to, n: 1 });
      expect(event?.data).toMatch(/^\{"notification":\{.*\}\}$/s);
      if (!event) return;
      const frame = JSON.parse(envelopeJson(event, 'all', 'person'));
      const [item] = await listed(store(), reader(tenant, 'ada'));
      expect(frame.data.notification).toEqual(item);
      const service = JSON.parse(envelopeJson(event, 'all', 'service'));
      expect(service.data.notification).toEqual((await everyNotification(tenant))[0]);
    });

    const everyNotification = async (tenant: string) =>
      (await store().read('notifications', { tenant, query: { before: null, limit: 100 } })).items;

    test('makes one event of one that names several channels, and names no channel twice', async () => {
      const tenant = newTenant();
      const { events, out } = await store().commit('publish', {
        tenant,
        drafts: [draft({ to: ['all', 'user:ada', 'all', 'role:x'] })],
      });
      expect(events.map((event) => event.to)).toEqual([['all', 'user:ada', 'role:x']]);
      expect(out.notifications[0]?.to).toEqual(['all', 'user:ada', 'role:x']);
    });

    test('publishes a batch as a whole, in its order', async () => {
      const tenant = newTenant();
      const titles = Array.from({ length: 1_000 }, (_, index) => `number ${index}`);
      const made = await publish(store(), tenant, ...titles.map((title) => ({ title })));
      expect(made.map((item) => item.title)).toEqual(titles);
      expect(made.map(numberOf)).toEqual(titles.map((_, index) => index + 1));
    });

    test('leaves nothing of a batch in which one item fails', async () => {
      const tenant = newTenant();
      const taken = await publishOne(store(), tenant);
      const others = Array.from({ length: 35 }, () => ({}));
      const error = await refusal(publish(store(), tenant, ...others, { id: taken.id }, {}));
      expect(error.code).toBe('invalid');
      expect(await everyNotification(tenant)).toEqual([taken]);
      expect(await everyEvent(store(), tenant)).toHaveLength(1);
    });

    test('refuses one that is for nobody', async () => {
      const error = await refusal(publish(store(), newTenant(), { to: [] }));
      expect(error).toMatchObject({ code: 'invalid', field: 'to' });
    });

    test('replaces the earlier one of a dedupeKey, read or not', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const first = await publishOne(store(), tenant, { dedupeKey: 'build' });
      await store().commit('mark', { reader: ada, ids: [first.id], mark: 'read' });
      const { out, events } = await store().commit('publish', {
        tenant,
        drafts: [draft({ dedupeKey: 'build', to: ['all'] })],
      });
      expect(events.map((event) => event.type)).toEqual(['notification.withdrawn', 'notification.created']);
      expect(events[0]).toMatchObject({ to: ['user:ada'], data: JSON.stringify({ id: first.id }) });
      expect(await one(tenant, first.id)).toBeNull();
      expect((await listed(store(), ada)).map((item) => item.id)).toEqual([out.notifications[0]?.id]);
    });

    test('keeps dedupeKeys of tenants apart, and lets a key go with its notification', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const first = await publishOne(store(), tenant, { dedupeKey: 'k' });
      await publishOne(store(), other, { dedupeKey: 'k' });
      expect(await one(tenant, first.id)).not.toBeNull();
      await store().commit('withdraw', { tenant, id: first.id });
      const { events } = await store().commit('publish', { tenant, drafts: [draft({ dedupeKey: 'k' })] });
      expect(events.map((event) => event.type)).toEqual(['notification.created']);
    });

    test('replaces within one batch too: the last of a dedupeKey stays', async () => {
      const tenant = newTenant();
      const drafts = [draft({ dedupeKey: 'k' }), draft(), draft({ dedupeKey: 'k' })];
      const { events } = await store().commit('publish', { tenant, drafts });
      expect(events.map((event) => [event.n, event.type])).toEqual([
        [1, 'notification.created'],
        [2, 'notification.created'],
        [3, 'notification.withdrawn'],
        [4, 'notification.created'],
      ]);
      expect((await everyNotification(tenant)).map((item) => item.id)).toEqual([drafts[2]?.id, drafts[1]?.id]);
    });
  });

  describe('edit and withdraw', () => {
    const store = () => open().store;

    test('edits what the patch names and nothing else', async () => {
      const tenant = newTenant();
      const made = await publishOne(store(), tenant, FULL);
      const { out, events } = await store().commit('edit', {
        tenant,
        id: made.id,
        patch: { title: 'Mended', body: null, severity: 'success', subject: null },
      });
      const { updatedAt } = out.notification;
      const mended = { title: 'Mended', body: null, severity: 'success', subject: null };
      expect(out.notification).toEqual({ ...made, ...mended, updatedAt });
      expect(updatedAt >= made.updatedAt).toBe(true);
      expect(events).toMatchObject([{ type: 'notification.updated', n: 2, to: FULL.to, time: updatedAt }]);
      expect(events[0]?.data).toMatch(/^\{"notification":\{.*\}\}$/s);
      expect(await store().read('notification', { tenant, id: made.id })).toEqual(out.notification);
      const filtered = await listed(store(), reader(tenant, 'ada'), { severity: ['success'] });
      expect(filtered.map((item) => item.title)).toEqual(['Mended']);
    });

    test('leaves a person’s marks alone when the sender edits', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const made = await publishOne(store(), tenant);
      await store().commit('mark', { reader: ada, ids: [made.id], mark: 'read' });
      await store().commit('edit', { tenant, id: made.id, patch: { title: 'Other' } });
      expect((await listed(store(), ada))[0]).toMatchObject({ title: 'Other', readAt: expect.any(String) });
    });

    test('takes a withdrawn one out of everything and tells all it was sent to', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const made = await publishOne(store(), tenant, { to: ['all', 'user:ada'] });
      await store().commit('mark', { reader: ada, ids: [made.id], mark: 'seen' });
      const { out, events } = await store().commit('withdraw', { tenant, id: made.id });
      expect(out).toBeNull();
      expect(events).toMatchObject([
        { type: 'notification.withdrawn', to: ['all', 'user:ada'], data: JSON.stringify({ id: made.id }) },
      ]);
      expect(await listed(store(), ada)).toEqual([]);
      expect(await store().read('counts', { reader: ada })).toMatchObject({ unread: 0, unseen: 0 });
      expect(await store().read('inboxItem', { reader: ada, id: made.id })).toBeNull();
      expect(await store().read('notification', { tenant, id: made.id })).toBeNull();
    });

    test('finds none to edit or withdraw in another tenant, twice, or under an unknown id', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const made = await publishOne(store(), tenant);
      const edit = (where: string) => store().commit('edit', { tenant: where, id: made.id, patch: { title: 'x' } });
      expect((await refusal(edit(other))).code).toBe('not_found');
      expect((await refusal(store().commit('withdraw', { tenant: other, id: made.id }))).code).toBe('not_found');
      await store().commit('withdraw', { tenant, id: made.id });
      expect((await refusal(store().commit('withdraw', { tenant, id: made.id }))).code).toBe('not_found');
      expect((await refusal(edit(tenant))).code).toBe('not_found');
      expect(await everyEvent(store(), tenant)).toHaveLength(2);
      expect(await everyEvent(store(), other)).toEqual([]);
    });
  });
}
