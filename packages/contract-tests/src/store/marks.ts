import type { LogEvent, Store } from '@belfry/core';
import type { MarkChange, Notification, ServiceNotification } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { countsOf, everyEvent, listed, mark, markUpTo, numberOf, publish, publishOne, refusal } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant, reader } from './samples.ts';

type Three = [ServiceNotification, ServiceNotification, ServiceNotification];

/** Seen, read, archived: one by one, and up to a point. */
export function marksSuite(open: SharedStore): void {
  describe('marks by id', () => {
    const store = () => open().store;
    const item = async (who: ReturnType<typeof reader>, id: string) =>
      (await store().read('inboxItem', { reader: who, id })) as Notification;

    test('tells the person’s own channel what changed, with the counts after it', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const [a, b] = await publish(store(), tenant, {}, { to: ['all'] }, {});
      const { events } = await store().commit('mark', {
        reader: ada,
        ids: [a?.id as string, b?.id as string],
        mark: 'read',
      });
      expect(events).toMatchObject([{ type: 'notification.state', to: ['user:ada'], n: 4, tenant }]);
      const change: MarkChange = JSON.parse(events[0]?.data as string);
      expect(change).toMatchObject({ ids: [a?.id, b?.id], mark: 'read', at: events[0]?.time, unread: 1, unseen: 1 });
      expect(await item(ada, a?.id as string)).toMatchObject({ seenAt: change.at, readAt: change.at });
      const { follows: _, ...kept } = events[0] as LogEvent;
      expect((await everyEvent(store(), tenant, ['user:ada'])).at(-1)).toEqual(kept);
    });

    test('keeps to one person what they did with a shared item', async () => {
      const tenant = newTenant();
      const [ada, ben] = [reader(tenant, 'ada'), reader(tenant, 'ben')];
      const shared = await publishOne(store(), tenant, { to: ['all'] });
      await mark(store(), ada, 'archived', shared);
      expect(await listed(store(), ada)).toEqual([]);
      expect((await listed(store(), ben))[0]).toMatchObject({ seenAt: null, readAt: null, archivedAt: null });
      expect(await countsOf(store(), ben)).toEqual({ unread: 1, unseen: 1 });
    });

    test('lets read and archived imply seen, and nothing else imply anything', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const items = (await publish(store(), tenant, {}, {}, {})) as Three;
      await mark(store(), ada, 'seen', items[0]);
      await mark(store(), ada, 'read', items[1]);
      await mark(store(), ada, 'archived', items[2]);
      const [seen, read, archived] = await Promise.all(items.map(({ id }) => item(ada, id)));
      const time = expect.any(String);
      expect(seen).toMatchObject({ seenAt: time, readAt: null, archivedAt: null });
      expect(read).toMatchObject({ seenAt: time, readAt: time, archivedAt: null });
      expect(archived).toMatchObject({ seenAt: time, readAt: null, archivedAt: time });
      expect(await countsOf(store(), ada)).toEqual({ unread: 1, unseen: 0 });
    });

    test('counts few items with rows between which many others of the same person have theirs', async () => {
      const tenant = newTenant();
      const both = reader(tenant, 'ada', { roles: ['dev', 'ops'] });
      const read = await publish(store(), tenant, { to: ['role:dev'] }, ...Array(20).fill({ to: ['role:ops'] }));
      await publish(store(), tenant, { to: ['role:dev'] });
      await mark(store(), both, 'read', ...read);
      const dev = reader(tenant, 'ada', { roles: ['dev'] });
      expect(await countsOf(store(), dev)).toEqual({ unread: 1, unseen: 1 });
    });

    test('brings back by unread and unarchived', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const one = await publishOne(store(), tenant);
      await mark(store(), ada, 'read', one);
      expect(await mark(store(), ada, 'unread', one)).toMatchObject({ mark: 'unread', unread: 1, unseen: 0 });
      await mark(store(), ada, 'archived', one);
      expect(await countsOf(store(), ada)).toEqual({ unread: 0, unseen: 0 });
      expect(await mark(store(), ada, 'unarchived', one)).toMatchObject({ unread: 1, unseen: 0 });
      expect(await listed(store(), ada)).toMatchObject([
        { readAt: null, archivedAt: null, seenAt: expect.any(String) },
      ]);
    });

    test('appends nothing where everything is so already, and keeps the first time', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const one = await publishOne(store(), tenant);
      const first = await mark(store(), ada, 'read', one);
      for (const again of ['read', 'seen', 'unarchived'] as const) {
        expect(await mark(store(), ada, again, one)).toBeNull();
      }
      expect((await item(ada, one.id)).readAt).toBe(first?.at);
      expect(await everyEvent(store(), tenant)).toHaveLength(2);
    });

    test('names only the items that changed', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const [a, b, c] = (await publish(store(), tenant, {}, {}, {})) as Three;
      await mark(store(), ada, 'read', b);
      expect((await mark(store(), ada, 'read', a, b, c, c))?.ids).toEqual([a.id, c.id]);
    });

    test('skips what is not theirs, and finds nothing where none is', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const ada = reader(tenant, 'ada');
      const [mine, bens] = await publish(store(), tenant, {}, { to: ['user:ben'] });
      const elsewhere = await publishOne(store(), other);
      const ids = [mine?.id, bens?.id, elsewhere.id, 'garbage', ''].map((id) => ({ id: id as string }));
      expect((await mark(store(), ada, 'read', ...ids))?.ids).toEqual([mine?.id]);
      expect(await countsOf(store(), reader(tenant, 'ben'))).toEqual({ unread: 1, unseen: 1 });
      expect((await refusal(mark(store(), ada, 'read', ...ids.slice(1)))).code).toBe('not_found');
      expect((await refusal(mark(store(), ada, 'read'))).code).toBe('not_found');
      expect((await refusal(mark(store(), reader(newTenant(), 'ada'), 'read', ...ids))).code).toBe('not_found');
    });
  });

  describe('marks up to a point, by devices of differing grants', () => {
    const store = () => open().store;
    const unread = async (who: ReturnType<typeof reader>) =>
      (await listed(store(), who, { filter: 'unread' })).map((item) => item.title);
    const send = (tenant: string, ...channels: string[]) =>
      publish(store(), tenant, ...channels.map((to) => ({ to: [to], title: to })));

    test('mark what their maker could see, and nothing on channels that only another device holds', async () => {
      const tenant = newTenant();
      const [phone, desk] = [reader(tenant, 'ada'), reader(tenant, 'ada', { roles: ['dev'] })];
      await send(tenant, 'user:ada', 'role:dev', 'all');
      expect(await markUpTo(store(), phone, 'archived')).toMatchObject({ unread: 0 });
      expect(await countsOf(store(), desk)).toEqual({ unread: 1, unseen: 1 });
      expect(await unread(desk)).toEqual(['role:dev']);
      expect((await listed(store(), desk)).map((item) => item.title)).toEqual(['role:dev']);
      expect((await listed(store(), desk, { filter: 'archived' })).map((item) => item.title)).toEqual([
        'all',
        'user:ada',
      ]);
      expect(await markUpTo(store(), desk, 'read')).toMatchObject({ unread: 0 });
      expect(await markUpTo(store(), phone, 'read')).toBeNull();
    });

    test('leave what a channel that is granted later had before', async () => {
      const tenant = newTenant();
      await send(tenant, 'topic:p/1', 'topic:p/2', 'user:ada');
      await markUpTo(store(), reader(tenant, 'ada', { channels: ['topic:p/1'] }), 'read');
      const later = reader(tenant, 'ada', { channels: ['topic:p/*'] });
      expect(await unread(later)).toEqual(['topic:p/2']);
      expect(await countsOf(store(), later)).toEqual({ unread: 1, unseen: 1 });
    });

    test('mark an item by any of its channels, with one time for all devices', async () => {
      const tenant = newTenant();
      const item = await publishOne(store(), tenant, { to: ['role:dev', 'role:ops'] });
      const change = await markUpTo(store(), reader(tenant, 'ada', { roles: ['dev'] }), 'read');
      const ops = reader(tenant, 'ada', { roles: ['ops'] });
      expect(await store().read('inboxItem', { reader: ops, id: item.id })).toMatchObject({ readAt: change?.at });
      expect(await countsOf(store(), ops)).toEqual({ unread: 0, unseen: 0 });
    });

    test('leave shared items that are too old for their maker, and not those by name', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const old = await publish(store, tenant, { to: ['all'], title: 'old' }, { title: 'mine' });
      turnClock(1_000);
      const fresh = await publishOne(store, tenant, { to: ['all'], title: 'fresh' });
      const whole = { ...reader(tenant, 'ada'), since: 0 };
      const late = { ...whole, since: Date.parse(fresh.createdAt) };
      expect(await markUpTo(store, late, 'read')).toMatchObject({ unread: 0 });
      expect(await unread(whole)).toEqual(['old']);
      await markUpTo(store, whole, 'read', numberOf(old[0] as ServiceNotification));
      expect(await countsOf(store, whole)).toEqual({ unread: 0, unseen: 0 });
    });

    test('do not reach over what lies between two of them', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const items: ServiceNotification[] = [];
      for (const title of ['a', 'b', 'c']) {
        items.push(await publishOne(store, tenant, { to: ['all'], title }));
        turnClock(1_000);
      }
      const whole = { ...reader(tenant, 'ada'), since: 0 };
      await markUpTo(store, whole, 'read', numberOf(items[0] as ServiceNotification));
      await markUpTo(store, { ...whole, since: Date.parse(items[2]?.createdAt as string) }, 'read');
      expect(await unread(whole)).toEqual(['b']);
    });

    test('write into no rows of items that their maker could not see', async () => {
      const tenant = newTenant();
      const [phone, desk] = [reader(tenant, 'ada'), reader(tenant, 'ada', { roles: ['dev'] })];
      const [hidden] = await send(tenant, 'role:dev', 'user:ada');
      await mark(store(), desk, 'seen', hidden as ServiceNotification);
      await markUpTo(store(), phone, 'read');
      expect(await unread(desk)).toEqual(['role:dev']);
    });

    test('are all kept, however many grants a person’s devices have had', async () => {
      const tenant = newTenant();
      const roles = Array.from({ length: 40 }, (_, index) => `r${index}`);
      await send(tenant, ...roles.map((role) => `role:${role}`));
      for (const role of roles)
        expect(await markUpTo(store(), reader(tenant, 'ada', { roles: [role] }), 'read')).not.toBeNull();
      const all = reader(tenant, 'ada', { roles });
      expect(await countsOf(store(), all)).toEqual({ unread: 0, unseen: 0 });
      expect((await listed(store(), all)).every((item) => item.readAt !== null && item.seenAt !== null)).toBe(true);
      await send(tenant, 'role:r0');
      expect(await unread(all)).toEqual(['role:r0']);
    });

    test('are counted for the grants and the `since` that a token names', async () => {
      const tenant = newTenant();
      const whole = reader(tenant, 'ada', { since: 1_000 });
      const counted: (string | undefined)[] = [];
      for (const who of [whole, reader(tenant, 'ada'), reader(tenant, 'ada', { roles: ['dev'] }), whole]) {
        const item = await publishOne(store(), tenant);
        counted.push((await mark(store(), who, 'read', item))?.countedFor);
      }
      expect(new Set(counted).size).toBe(3);
      expect(counted[3]).toBe(counted[0]);
    });

    test('the counts say where they stand', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      expect(await store().read('counts', { reader: ada })).toEqual({ unread: 0, unseen: 0, at: { n: 0, check: '0' } });
      await publish(store(), tenant, {}, { to: ['user:ben'] });
      const { head } = await store().read('locate', { log: tenant, n: 0 });
      expect(await store().read('counts', { reader: ada })).toEqual({ unread: 1, unseen: 1, at: head });
    });
  });

  describe('marks up to a point', () => {
    const store = () => open().store;
    const unreadTitles = async (who: ReturnType<typeof reader>) =>
      (await listed(store(), who, { filter: 'unread' })).map((item) => item.title);

    test('marks all there is, and leaves what comes later', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const items = await publish(store(), tenant, {}, { to: ['all'] });
      const change = await markUpTo(store(), ada, 'read');
      expect(change).toMatchObject({
        ids: [],
        upTo: items[1]?.cursor,
        mark: 'read',
        at: change?.at,
        unread: 0,
        unseen: 0,
      });
      expect(await listed(store(), ada)).toMatchObject([
        { readAt: change?.at, seenAt: change?.at },
        { readAt: change?.at },
      ]);
      await publishOne(store(), tenant, { title: 'later' });
      expect(await unreadTitles(ada)).toEqual(['later']);
      expect(await countsOf(store(), ada)).toEqual({ unread: 1, unseen: 1 });
      expect(await countsOf(store(), reader(tenant, 'ben'))).toEqual({ unread: 1, unseen: 1 });
    });

    test('stops where it was told to, and takes a number past the head for the head', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      await publish(store(), tenant, ...['a', 'b', 'c'].map((title) => ({ title })));
      expect(await markUpTo(store(), ada, 'read', 2)).toMatchObject({ unread: 1, unseen: 1 });
      expect(await unreadTitles(ada)).toEqual(['c']);
      expect(await markUpTo(store(), ada, 'read', 0)).toBeNull();
      expect(await markUpTo(store(), ada, 'read', 1_000_000)).toMatchObject({ unread: 0 });
      await publishOne(store(), tenant, { title: 'd' });
      expect(await unreadTitles(ada)).toEqual(['d']);
    });

    test('appends nothing where nothing of theirs is left to mark', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      expect(await markUpTo(store(), ada, 'seen')).toBeNull();
      await publish(store(), tenant, {}, { to: ['user:ben'] });
      expect(await markUpTo(store(), ada, 'seen')).not.toBeNull();
      expect(await markUpTo(store(), ada, 'seen')).toBeNull();
      await publishOne(store(), tenant, { to: ['user:ben'] });
      expect(await markUpTo(store(), ada, 'seen')).toBeNull();
      expect(await markUpTo(store(), ada, 'read', null, ['other'])).toBeNull();
      expect(await everyEvent(store(), tenant, ['user:ada'])).toHaveLength(2);
    });

    test('marks only the types it names', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const types = ['comment', 'build.ok', 'build.failed', 'buildx'];
      await publish(store(), tenant, ...types.map((type) => ({ type, title: type })));
      const change = await markUpTo(store(), ada, 'read', null, ['build.*']);
      expect(change).toMatchObject({ types: ['build.*'], unread: 2, unseen: 2 });
      expect(await unreadTitles(ada)).toEqual(['buildx', 'comment']);
      await publishOne(store(), tenant, { type: 'build.ok', title: 'new' });
      expect(await unreadTitles(ada)).toEqual(['new', 'buildx', 'comment']);
      expect(await markUpTo(store(), ada, 'read', null, ['comment', 'buildx', 'build.ok'])).toMatchObject({
        unread: 0,
      });
    });

    test('writes into the rows it passes, so that marking back later holds', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const [a, b, c] = (await publish(store(), tenant, { title: 'a' }, { title: 'b' }, { title: 'c' })) as Three;
      await mark(store(), ada, 'seen', a);
      await mark(store(), ada, 'unread', b);
      expect(await markUpTo(store(), ada, 'read')).toMatchObject({ unread: 0 });
      expect(await mark(store(), ada, 'unread', a, c)).toMatchObject({ unread: 2, unseen: 0 });
      expect(await unreadTitles(ada)).toEqual(['c', 'a']);
      expect(await markUpTo(store(), ada, 'read')).toMatchObject({ unread: 0 });
      expect(await unreadTitles(ada)).toEqual([]);
    });

    test('archives all, from which single ones come back', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const [a, b] = await publish(store(), tenant, { title: 'a' }, { title: 'b' });
      expect(await markUpTo(store(), ada, 'archived')).toMatchObject({ unread: 0, unseen: 0 });
      expect(await listed(store(), ada)).toEqual([]);
      expect((await listed(store(), ada, { filter: 'archived' })).map((item) => item.title)).toEqual(['b', 'a']);
      await mark(store(), ada, 'unarchived', a as ServiceNotification);
      expect((await listed(store(), ada)).map((item) => item.title)).toEqual(['a']);
      expect((await listed(store(), ada, { filter: 'archived' })).map((item) => item.id)).toEqual([b?.id]);
      expect(await unreadTitles(ada)).toEqual(['a']);
      expect(await countsOf(store(), ada)).toEqual({ unread: 1, unseen: 0 });
    });

    test('leaves the time of what an earlier mark-all had marked', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      await publishOne(store, tenant, { title: 'a' });
      const first = await markUpTo(store, ada, 'read');
      turnClock(60_000);
      await publishOne(store, tenant, { title: 'b' });
      const second = await markUpTo(store, ada, 'read');
      expect(second?.at).not.toBe(first?.at);
      expect((await listed(store, ada)).map((item) => item.readAt)).toEqual([second?.at, first?.at]);
    });

    test('bounds the type patterns of one person, and says what to do', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const types = Array.from({ length: 101 }, (_, index) => `type-${index}`);
      await publish(store(), tenant, ...types.map((type) => ({ type })));
      expect(await markUpTo(store(), ada, 'read', null, types.slice(0, 100))).toMatchObject({ unread: 1 });
      const error = await refusal(markUpTo(store(), ada, 'read', null, [types[100] as string]));
      expect(error).toMatchObject({ code: 'invalid', field: 'types' });
      expect(error.message).toMatch(/Leave types out/);
      expect(await countsOf(store(), ada)).toEqual({ unread: 1, unseen: 1 });
      expect(await markUpTo(store(), ada, 'read')).toMatchObject({ unread: 0 });
      expect(await markUpTo(store(), reader(tenant, 'ben'), 'read', null, ['type-0'])).toBeNull();
    });

    test('survives the deletion of the event it points at', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const items = await publish(store(), tenant, {}, {}, {});
      await deleteEvents(store());
      const change = await markUpTo(store(), ada, 'read', numberOf(items[1] as ServiceNotification));
      expect(change).toMatchObject({ unread: 1 });
    });
  });
}

function deleteEvents(store: Store) {
  return store.commit('retain', { maxAgeMs: -60_000, maxBytes: 1e12, limit: 100_000 });
}
