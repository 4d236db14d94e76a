import { notificationShape, pageShape, serviceNotificationShape } from '@belfry/protocol/schemas';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { expectProblem } from './support/problem.ts';
import type { Item, Sent } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

const EVERYTHING = {
  type: 'build.failed',
  title: 'Build 7 failed',
  body: 'Two tests.\r\nSee the log.',
  actionUrl: '/builds/7?tab=log#end',
  actions: [{ id: 'retry', label: 'Retry', url: 'https://ci.example/7' }],
  actor: { name: 'CI', avatarUrl: 'https://ci.example/a.png' },
  icon: 'bell',
  severity: 'critical',
  subject: { kind: 'build', id: '7', code: 'B-7', title: 'Build 7', url: '/builds/7' },
  data: { attempts: [1, 2, { deep: null }], text: '“ü”\u2028🔔' },
};

/** `POST /v1/notifications`, its batch, and what services do with one later. */
export function notificationsContract(newWorld: NewWorld): void {
  describe('POST /v1/notifications', () => {
    it('answers 201 with all that was sent, a UUIDv7, times with milliseconds and a cursor', async () => {
      const world = newWorld();
      const sent = await world.send(['topic:builds', 'user:ada'], EVERYTHING);
      expect(sent).toMatchObject({ ...EVERYTHING, channel: 'topic:builds', to: ['topic:builds', 'user:ada'] });
      expect(sent.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(sent.updatedAt).toBe(sent.createdAt);
    });

    it('answers null for what was left out', async () => {
      const sent = await newWorld().send('user:ada');
      const absent = { body: null, actionUrl: null, actor: null, icon: null, subject: null, data: null };
      expect(sent).toMatchObject({ ...absent, expiresAt: null, actions: [], severity: 'info' });
    });

    it('takes null for what is left out, in all that may be', async () => {
      const world = newWorld();
      const names = [
        'body',
        'actionUrl',
        'actions',
        'actor',
        'icon',
        'severity',
        'subject',
        'data',
        'expiresAt',
        'dedupeKey',
      ];
      const sent = await world.send('user:ada', {
        ...Object.fromEntries(names.map((name) => [name, null])),
      });
      expect(sent).toMatchObject({ actions: [], severity: 'info', icon: null, data: null });
      const inside = await world.send('user:ada', {
        actions: [{ id: 'a', label: 'A', url: null }],
        actor: { name: 'CI', avatarUrl: null },
        subject: { kind: 'k', id: 'i', code: null, title: null, url: null },
      });
      expect(inside).toMatchObject({ actions: [{ id: 'a', label: 'A' }], actor: { name: 'CI' } });
      expect(await world.service.get(`/v1/notifications/${inside.id}`)).toMatchObject({ body: inside });
      const ada = await world.person('ada');
      expect((await ada.post('/v1/notifications', { to: null, type: 'm', title: 'Mine' })).status).toBe(201);
      expectProblem(
        await world.service.post('/v1/notifications', { to: null, type: 'm', title: 'x' }),
        'invalid',
        'to',
      );
    });

    it('takes an icon by name, as an emoji or by its address', async () => {
      const world = newWorld();
      for (const icon of ['bell', 'mdi:bell-ring', '🔔', '/icons/bell.svg', 'https://cdn.example/bell.png']) {
        expect((await world.send('user:ada', { icon })).icon).toBe(icon);
      }
    });

    it('takes one channel or a list, and drops repeats', async () => {
      const sent = await newWorld().send(['user:ada', 'all', 'user:ada']);
      expect(sent.to).toEqual(['user:ada', 'all']);
    });

    it('gives a person one item, by the first channel they hold, though it named them thrice', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { roles: ['admin'] });
      const { id } = await world.send(['role:admin', 'user:ada', 'all']);
      const { body } = await ada.get('/v1/inbox');
      expect(body).toMatchObject({ items: [{ id, channel: 'role:admin' }], unread: 1 });
    });

    it('lets a person notify themselves: to left out, or their own name', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      for (const to of [undefined, 'user:ada', ['user:ada']]) {
        const { status, body } = await ada.post('/v1/notifications', { to, type: 'note', title: 'Mine' });
        expect(status).toBe(201);
        const item = notificationShape.strict().parse(body);
        expect(item).toMatchObject({ channel: 'user:ada', seenAt: null, readAt: null, archivedAt: null });
      }
      expect((await ada.get('/v1/inbox/count')).body).toEqual({ unread: 3, unseen: 3 });
    });

    it('refuses a person who names anyone else, with 403, and sends nothing', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { roles: ['admin'] });
      for (const to of ['user:ben', 'all', 'role:admin', ['user:ada', 'user:ben']]) {
        expectProblem(await ada.post('/v1/notifications', { to, type: 'note', title: 'Hi' }), 'forbidden', 'to');
      }
      expect(await world.sentIds()).toEqual([]);
    });

    it('keeps text that looks like markup, SQL or frames as it is', async () => {
      const world = newWorld();
      const title = `<b>'; drop table x;--\n\nevent: closing\ndata: {}`;
      const { id } = await world.send('user:ada', { title });
      expect((await world.service.get(`/v1/notifications/${id}`)).body).toMatchObject({ title });
    });

    it('replaces NUL and lone surrogates in what it answers, as in what it stores', async () => {
      const world = newWorld();
      const raw = '{"to":"user:ada","type":"m","title":"a\\u0000b\\ud800c"}';
      const { status, body } = await world.service.post('/v1/notifications', undefined, { raw });
      expect(status).toBe(201);
      expect(body).toMatchObject({ title: 'a\uFFFDb\uFFFDc' });
      expect((await world.service.get(`/v1/notifications/${(body as Sent).id}`)).body).toEqual(body);
    });
  });

  describe('dedupeKey', () => {
    it('withdraws the earlier one, read or not, and makes the new one in one step', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const first = await world.send('user:ada', { dedupeKey: 'k', title: 'One' });
      await ada.post(`/v1/inbox/${first.id}/read`);
      const stream = await (await ada.stream()).live();
      const second = await world.send('user:ada', { dedupeKey: 'k', title: 'Two' });
      const [gone, made] = await stream.messages(2);
      expect(gone).toMatchObject({ type: 'notification.withdrawn', data: { id: first.id } });
      expect(made).toMatchObject({ type: 'notification.created', data: { notification: { id: second.id } } });
      expect((await ada.get('/v1/inbox')).body).toMatchObject({ items: [{ id: second.id }], unread: 1 });
      await stream.close();
    });

    it('reaches those who had the earlier one, also where the new one goes elsewhere', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      await world.send('user:ada', { dedupeKey: 'k' });
      await world.send('user:ben', { dedupeKey: 'k' });
      expect((await ada.get('/v1/inbox')).body).toMatchObject({ items: [], unread: 0 });
    });

    it('is a tenant’s own, and a person’s own', async () => {
      const [one, other] = [newWorld(), newWorld()];
      const mine = await one.send('user:ada', { dedupeKey: 'k' });
      await other.send('user:ada', { dedupeKey: 'k' });
      const ada = await one.person('ada');
      await ada.post('/v1/notifications', { type: 'note', title: 'Mine', dedupeKey: 'k' });
      expect(await one.sentIds()).toContain(mine.id);
    });
  });

  describe('POST /v1/notifications/batch', () => {
    it('answers 201 with all of them, in order', async () => {
      const world = newWorld();
      const notifications = [1, 2, 3].map((n) => ({ to: `user:u${n}`, type: 'm', title: `No ${n}` }));
      const { status, body } = await world.service.post('/v1/notifications/batch', { notifications });
      expect(status).toBe(201);
      const answer = z.strictObject({ notifications: z.array(serviceNotificationShape.strict()) }).parse(body);
      expect(answer.notifications.map(({ title }) => title)).toEqual(['No 1', 'No 2', 'No 3']);
      expect(await world.sentIds()).toEqual(answer.notifications.map(({ id }) => id).reverse());
    });

    it('takes 1,000, and tells a live stream of each once and in order', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const stream = await (await ada.stream()).live();
      const notifications = Array.from({ length: 1_000 }, (_, n) => ({ to: 'user:ada', type: 'm', title: `${n}` }));
      const { status } = await world.service.post('/v1/notifications/batch', { notifications });
      expect(status).toBe(201);
      const titles = (await stream.messages(1_000)).map(({ data }) => (data.notification as Item).title);
      expect(titles).toEqual(notifications.map(({ title }) => title));
      expect((await ada.get('/v1/inbox/count')).body).toEqual({ unread: 1_000, unseen: 1_000 });
      await stream.close();
    });

    it('is all or nothing: one bad item and none is sent', async () => {
      const world = newWorld();
      const good = { to: 'user:ada', type: 'm', title: 'Good' };
      for (const [bad, field] of [
        [{ ...good, title: '' }, 'notifications.1.title'],
        [{ type: 'm', title: 'To nobody' }, 'notifications.1.to'],
        [{ ...good, expiresAt: '2001-01-01T00:00:00Z' }, 'notifications.1.expiresAt'],
        [{ ...good, nope: 1 }, 'notifications.1.nope'],
      ] as const) {
        const answer = await world.service.post('/v1/notifications/batch', { notifications: [good, bad] });
        expectProblem(answer, 'invalid', field);
      }
      expect(await world.sentIds()).toEqual([]);
    });

    it('takes one dedupeKey twice: the last of them stays', async () => {
      const world = newWorld();
      const one = { to: 'user:ada', type: 'm', title: 'One', dedupeKey: 'k' };
      const { status } = await world.service.post('/v1/notifications/batch', {
        notifications: [one, { ...one, title: 'Two' }],
      });
      expect(status).toBe(201);
      const { body } = await world.service.get('/v1/notifications');
      expect((body as { items: Sent[] }).items.map(({ title }) => title)).toEqual(['Two']);
    });

    it('is for services only', async () => {
      const ada = await newWorld().person('ada');
      expectProblem(await ada.post('/v1/notifications/batch', { notifications: [] }), 'forbidden');
    });
  });

  describe('GET, PATCH and DELETE /v1/notifications', () => {
    it('lists newest first, in pages that neither skip nor repeat while more is sent', async () => {
      const world = newWorld();
      const sent: string[] = [];
      for (let n = 0; n < 5; n += 1) sent.unshift((await world.send('user:ada', { title: `${n}` })).id);
      const page = pageShape(serviceNotificationShape.strict()).strict();
      const first = page.parse((await world.service.get('/v1/notifications?limit=2')).body);
      await world.send('user:ada', { title: 'later' });
      const second = page.parse((await world.service.get(`/v1/notifications?limit=2&cursor=${first.nextCursor}`)).body);
      const third = page.parse((await world.service.get(`/v1/notifications?limit=2&cursor=${second.nextCursor}`)).body);
      expect([...first.items, ...second.items, ...third.items].map(({ id }) => id)).toEqual(sent);
      expect(third.nextCursor).toBeNull();
    });

    it('lists by channel, types, severity and subject', async () => {
      const world = newWorld();
      const subject = { kind: 'story', id: '42:a' };
      const { id } = await world.send('topic:a', { type: 'build.failed', severity: 'critical', subject });
      await world.send('topic:b', { type: 'comment' });
      for (const query of ['to=topic:a', 'types=build.*', 'severity=critical,warning', 'subject=story:42:a']) {
        const { body, status } = await world.service.get(`/v1/notifications?${query}`);
        expect(status, query).toBe(200);
        expect(
          (body as { items: Sent[] }).items.map((item) => item.id),
          query,
        ).toEqual([id]);
      }
    });

    it('gives one by its id', async () => {
      const world = newWorld();
      const sent = await world.send('user:ada');
      const { status, body } = await world.service.get(`/v1/notifications/${sent.id}`);
      expect(status).toBe(200);
      expect(body).toEqual(sent);
    });

    it('edits what was named, clears with null, and leaves marks alone', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const sent = await world.send('user:ada', EVERYTHING);
      await ada.post(`/v1/inbox/${sent.id}/read`);
      const stream = await (await ada.stream()).live();
      const cleared = {
        body: null,
        actionUrl: null,
        actions: null,
        actor: null,
        icon: null,
        subject: null,
        data: null,
      };
      const answer = await world.service.patch(`/v1/notifications/${sent.id}`, { title: 'Fixed', ...cleared });
      expect(answer.status).toBe(200);
      const edited = serviceNotificationShape.strict().parse(answer.body);
      expect(edited).toEqual({ ...sent, title: 'Fixed', ...cleared, actions: [], updatedAt: edited.updatedAt });
      const [told] = await stream.messages(1);
      expect(told).toMatchObject({
        type: 'notification.updated',
        channel: 'user:ada',
        data: { notification: { id: sent.id, title: 'Fixed', body: null, channel: 'user:ada', cursor: sent.cursor } },
      });
      const item = (await ada.get(`/v1/inbox/${sent.id}`)).body as Item;
      expect(item.readAt).not.toBeNull();
      expect(item.title).toBe('Fixed');
      await stream.close();
    });

    it('withdraws with 204, tells it live, and after that there is none', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { id } = await world.send('user:ada');
      const stream = await (await ada.stream()).live();
      const answer = await world.service.delete(`/v1/notifications/${id}`);
      expect(answer).toMatchObject({ status: 204, body: undefined });
      expect(await stream.messages(1)).toMatchObject([{ type: 'notification.withdrawn', data: { id } }]);
      expectProblem(await world.service.get(`/v1/notifications/${id}`), 'not_found');
      expectProblem(await world.service.delete(`/v1/notifications/${id}`), 'not_found');
      expectProblem(await world.service.patch(`/v1/notifications/${id}`, { title: 'x' }), 'not_found');
      expectProblem(await ada.get(`/v1/inbox/${id}`), 'not_found');
      expectProblem(await ada.post(`/v1/inbox/${id}/read`), 'not_found');
      expect((await ada.get('/v1/inbox/count')).body).toEqual({ unread: 0, unseen: 0 });
      await stream.close();
    });

    it('withdraws what has expired within a second, and tells it live', { retry: 2 }, async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const stream = await (await ada.stream()).live();
      const expiresAt = new Date(Date.now() + 1_000).toISOString();
      const { id } = await world.send('user:ada', { expiresAt });
      const [, gone] = await stream.messages(2);
      expect(gone).toMatchObject({ type: 'notification.withdrawn', data: { id } });
      expect(Date.parse(gone?.time as string)).toBeGreaterThanOrEqual(Date.parse(expiresAt));
      expect(Date.parse(gone?.time as string) - Date.parse(expiresAt)).toBeLessThan(1_500);
      expect((await ada.get('/v1/inbox')).body).toMatchObject({ items: [], unread: 0, unseen: 0 });
      await stream.close();
    });
  });
}
