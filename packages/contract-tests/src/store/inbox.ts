import type { InboxQuery } from '@belfry/core';
import type { InboxPage, Severity } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { countsOf, inboxQuery, listed, mark, markUpTo, numberOf, publish, publishOne } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant, reader } from './samples.ts';

const DAY = 24 * 3_600_000;

/** What is whose, and in which order. */
export function inboxSuite(open: SharedStore): void {
  describe('inbox', () => {
    const store = () => open().store;
    const titles = async (...args: Parameters<typeof listed> extends [unknown, ...infer Rest] ? Rest : never) =>
      (await listed(store(), ...args)).map((item) => item.title);

    test('is empty for a stranger in an unknown tenant', async () => {
      const who = reader(newTenant(), 'nobody');
      const empty = { items: [], unread: 0, unseen: 0, nextCursor: null };
      expect(await store().read('inbox', { reader: who, query: inboxQuery() })).toEqual(empty);
      expect(await store().read('state', { reader: who, limit: 50 })).toEqual({
        at: { n: 0, check: '0' },
        rows: { memberships: [], revocations: [], invalidatedAt: 0 },
        notifications: empty,
        questions: [],
        runs: [],
      });
    });

    test('shows a person what was sent to them, to all, to their roles and topics, and nothing else', async () => {
      const tenant = newTenant();
      const to = ['user:ada', 'user:ben', 'all', 'role:admin', 'role:dev', 'topic:p/a', 'topic:p/b/c', 'topic:q'];
      await publish(store(), tenant, ...to.map((channel) => ({ to: [channel], title: channel })));
      await publishOne(store(), newTenant(), { to: ['all'], title: 'elsewhere' });
      const ada = reader(tenant, 'ada', { roles: ['admin'], channels: ['topic:p/*'] });
      expect(await titles(ada)).toEqual(['topic:p/b/c', 'topic:p/a', 'role:admin', 'all', 'user:ada']);
      expect(await countsOf(store(), ada)).toEqual({ unread: 5, unseen: 5 });
      const ben = reader(tenant, 'ben', { channels: ['topic:q'] });
      expect(await titles(ben)).toEqual(['topic:q', 'all', 'user:ben']);
    });

    test('shows one that names several of their channels once, with the first they hold', async () => {
      const tenant = newTenant();
      await publishOne(store(), tenant, { to: ['role:dev', 'topic:x', 'all', 'user:ada'] });
      const ada = reader(tenant, 'ada', { channels: ['topic:x'] });
      const items = await listed(store(), ada);
      expect(items.map((item) => item.channel)).toEqual(['topic:x']);
      expect(items[0]).not.toHaveProperty('to');
      expect(await countsOf(store(), ada)).toEqual({ unread: 1, unseen: 1 });
      expect((await listed(store(), reader(tenant, 'ben')))[0]?.channel).toBe('all');
    });

    test('gives a page as JSON as well, which is the same to the letter', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada', { roles: ['x'] });
      const asked = (query: Partial<InboxQuery> = {}) => ({ reader: ada, query: inboxQuery(query) });
      const pages = async (query?: Partial<InboxQuery>) => ({
        text: await store().read('inboxJson', asked(query)),
        page: await store().read('inbox', asked(query)),
      });
      const nothing = await pages();
      expect(nothing.text).toBe(JSON.stringify(nothing.page));
      const odd = { title: '"}, \\ \u2028 Žluťoučký 🐚', body: '', data: { channel: 'none', seenAt: [1, null] } };
      const [a, b, c] = await publish(store(), tenant, odd, { to: ['role:x', 'user:ada'] }, {}, { title: 'gone' });
      if (!a || !b || !c) throw new Error('four were published');
      await mark(store(), ada, 'read', a);
      await mark(store(), ada, 'archived', c);
      await store().commit('edit', { tenant, id: b.id, patch: { title: 'Edited', data: { more: '}}' } } });
      for (const query of [{}, { limit: 2 }, { filter: 'archived' }, { filter: 'unread' }] as const) {
        const { text, page } = await pages(query);
        expect(text).toBe(JSON.stringify(page));
        expect(page.items.length).toBeGreaterThan(0);
      }
    });

    test('gives the same item alone as in the list, and null for what is not theirs', async () => {
      const tenant = newTenant();
      const mine = await publishOne(store(), tenant, { to: ['role:x', 'user:ada'] });
      const ada = reader(tenant, 'ada');
      expect(await store().read('inboxItem', { reader: ada, id: mine.id })).toEqual((await listed(store(), ada))[0]);
      expect(await store().read('inboxItem', { reader: reader(tenant, 'ben'), id: mine.id })).toBeNull();
      expect(await store().read('inboxItem', { reader: reader(newTenant(), 'ada'), id: mine.id })).toBeNull();
      expect(await store().read('inboxItem', { reader: ada, id: 'no such id' })).toBeNull();
    });

    test('pages newest first without a gap or a repeat, also while new ones arrive', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada', { roles: ['x'] });
      for (let i = 0; i < 25; i += 1) {
        await publishOne(store(), tenant, { to: [['user:ada'], ['all', 'user:ada'], ['role:x']][i % 3] as string[] });
      }
      const seen: number[] = [];
      let before: number | null = null;
      do {
        const page: InboxPage = await store().read('inbox', { reader: ada, query: inboxQuery({ before, limit: 7 }) });
        seen.push(...page.items.map(numberOf));
        expect(page.nextCursor).toBe(seen.length < 25 ? page.items.at(-1)?.cursor : null);
        before = page.nextCursor === null ? null : (seen.at(-1) as number);
        await publishOne(store(), tenant);
      } while (before !== null);
      expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
    });

    test('has no further page when the last one is exactly full', async () => {
      const tenant = newTenant();
      await publish(store(), tenant, {}, {}, {});
      const page = await store().read('inbox', { reader: reader(tenant, 'ada'), query: inboxQuery({ limit: 3 }) });
      expect(page.items).toHaveLength(3);
      expect(page.nextCursor).toBeNull();
    });

    test('filters by type, severity and subject, far down the list too', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const severity = (index: number): Severity => (index === 3 ? 'critical' : 'info');
      const items = Array.from({ length: 300 }, (_, index) => ({
        title: `${index}`,
        type: index % 100 === 0 ? 'build.failed' : index === 7 ? 'build%' : 'comment',
        severity: severity(index),
        subject: index === 5 ? { kind: 'story', id: '5' } : null,
      }));
      await publish(store(), tenant, ...items);
      expect(await titles(ada, { types: ['build.*'] })).toEqual(['200', '100', '0']);
      expect(await titles(ada, { types: ['build.failed'], limit: 2 })).toEqual(['200', '100']);
      expect(await titles(ada, { types: ['Build.*', 'build_'] })).toEqual([]);
      expect(await titles(ada, { types: [] })).toEqual([]);
      expect(await titles(ada, { types: ['*'], limit: 1 })).toEqual(['299']);
      expect(await titles(ada, { severity: ['critical', 'warning'] })).toEqual(['3']);
      expect(await titles(ada, { subject: { kind: 'story', id: '5' } })).toEqual(['5']);
      expect(await titles(ada, { subject: { kind: 'story', id: '6' } })).toEqual([]);
      const page = await store().read('inbox', {
        reader: ada,
        query: inboxQuery({ types: ['build.failed'], limit: 2 }),
      });
      expect(page.nextCursor).toBe(page.items[1]?.cursor);
    });

    test('lists and counts only the types that the reader asked for', async () => {
      const tenant = newTenant();
      await publish(store(), tenant, { type: 'comment' }, { type: 'build.ok' }, { type: 'build.failed' });
      const who = { ...reader(tenant, 'ada'), types: ['build.*'] };
      const { notifications } = await store().read('state', { reader: who, limit: 50 });
      expect(notifications.items.map((item) => item.type)).toEqual(['build.failed', 'build.ok']);
      expect(notifications).toMatchObject({ unread: 2, unseen: 2 });
      expect(await titles(who, { types: ['comment'] })).toEqual([]);
    });

    test('keeps what filter=unread, all and archived show apart', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const [a, b, c] = await publish(store(), tenant, { title: 'a' }, { title: 'b' }, { title: 'c' });
      if (!a || !b || !c) throw new Error('three were published');
      await mark(store(), ada, 'read', a);
      await mark(store(), ada, 'archived', b);
      expect(await titles(ada)).toEqual(['c', 'a']);
      expect(await titles(ada, { filter: 'unread' })).toEqual(['c']);
      expect(await titles(ada, { filter: 'archived' })).toEqual(['b']);
      expect(await countsOf(store(), ada)).toEqual({ unread: 1, unseen: 1 });
    });

    test('pages unread items that were marked back one by one below a watermark', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada', { roles: ['lost'] });
      const items = await publish(store(), tenant, ...Array.from({ length: 10 }, (_, i) => ({ title: `${i}` })));
      const lost = await publishOne(store(), tenant, { to: ['role:lost'], title: 'lost' });
      await markUpTo(store(), ada, 'read');
      await mark(store(), ada, 'unread', ...items.filter((_, index) => index % 3 === 0), lost);
      await publishOne(store(), tenant, { title: 'new' });
      expect(await titles(ada, { filter: 'unread', limit: 3 })).toEqual(['new', 'lost', '9']);
      expect(await titles(ada, { filter: 'unread', before: 10 })).toEqual(['6', '3', '0']);
      expect(await titles(ada, { filter: 'all', limit: 4 })).toEqual(['new', 'lost', '9', '8']);
      // A role that is gone takes its items along, whatever was marked.
      const without = reader(tenant, 'ada');
      expect(await titles(without, { filter: 'unread' })).toEqual(['new', '9', '6', '3', '0']);
      expect(await countsOf(store(), without)).toEqual({ unread: 5, unseen: 1 });
    });

    test('serves a reader of a thousand prefixes, also below what another device has marked', async () => {
      const tenant = newTenant();
      const prefixed = (name: string) =>
        reader(tenant, 'ada', { channels: Array.from({ length: 1_000 }, (_, index) => `topic:${name}${index}/*`) });
      await publish(store(), tenant, { to: ['topic:a7/x'], title: 'a' }, { to: ['topic:b999/x'], title: 'b' });
      await markUpTo(store(), prefixed('a'), 'read');
      expect(await titles(prefixed('a'), { filter: 'unread' })).toEqual([]);
      expect(await titles(prefixed('b'), { filter: 'unread' })).toEqual(['b']);
    });

    test('serves a reader of hundreds of channels as any other', async () => {
      const tenant = newTenant();
      const channels = Array.from({ length: 200 }, (_, index) => `topic:many/${index}`);
      await publish(store(), tenant, ...channels.map((to) => ({ to: [to, 'topic:many/0'], title: to })));
      await publish(store(), tenant, { to: ['topic:other'] }, { to: ['user:ada'], title: 'mine' });
      for (const grant of [channels, ['topic:many/*']]) {
        const ada = reader(tenant, 'ada', { channels: grant });
        const items = await listed(store(), ada, { limit: 100 });
        expect(items.map((item) => item.title)).toEqual(['mine', ...channels.slice(-99).reverse()]);
        expect(await countsOf(store(), ada)).toEqual({ unread: 201, unseen: 201 });
        expect(await titles(ada, { before: 101, limit: 3 })).toEqual([99, 98, 97].map((n) => `topic:many/${n}`));
      }
    });

    test('leaves out what stood on shared channels before `since`, but not what is to the person', async () => {
      const { store, turnClock } = open();
      const tenant = newTenant();
      await publish(store, tenant, { to: ['all'], title: 'old all' }, { to: ['user:ada'], title: 'old mine' });
      const both = await publishOne(store, tenant, { to: ['all', 'user:ada'], title: 'old both' });
      turnClock(10 * DAY);
      const fresh = await publishOne(store, tenant, { to: ['all'], title: 'new all' });
      const since = Date.parse(fresh.createdAt);
      const ada = { ...reader(tenant, 'ada'), since };
      const all = (await listed(store, ada)).map((item) => item.title);
      expect(all).toEqual(['new all', 'old both', 'old mine']);
      expect(await countsOf(store, ada)).toEqual({ unread: 3, unseen: 3 });
      expect(await store.read('inboxItem', { reader: ada, id: both.id })).not.toBeNull();
      const later = { ...ada, since: since + 1 };
      expect((await listed(store, later)).map((item) => item.title)).toEqual(['old both', 'old mine']);
      const ben = { ...reader(tenant, 'ben'), since };
      expect(await store.read('inboxItem', { reader: ben, id: both.id })).toBeNull();
      expect(await countsOf(store, ben)).toEqual({ unread: 1, unseen: 1 });
    });

    test('gives state and its position from one moment', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      let publishing = true;
      const writer = (async () => {
        while (publishing) await publishOne(store(), tenant);
      })();
      for (let i = 0; i < 30; i += 1) {
        const { at, notifications } = await store().read('state', { reader: ada, limit: 1 });
        expect(notifications.unread).toBe(Math.min(at.n, 1_000));
        const [newest] = notifications.items;
        if (newest) expect(numberOf(newest)).toBe(at.n);
      }
      publishing = false;
      await writer;
    });

    test('counts exactly below 1,000 and says 1,000 for more', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      const to = (index: number) => (index % 2 === 0 ? ['all'] : ['all', 'user:ada']);
      await publish(store(), tenant, ...Array.from({ length: 999 }, (_, index) => ({ to: to(index) })));
      expect(await countsOf(store(), ada)).toEqual({ unread: 999, unseen: 999 });
      await publishOne(store(), tenant);
      expect(await countsOf(store(), ada)).toEqual({ unread: 1_000, unseen: 1_000 });
      await publish(store(), tenant, ...Array.from({ length: 1_000 }, () => ({})));
      expect(await countsOf(store(), ada)).toEqual({ unread: 1_000, unseen: 1_000 });
      // What is unseen is counted also where it lies below 1,000 unread ones.
      const newest = await listed(store(), ada, { limit: 1 });
      await markUpTo(store(), ada, 'seen', numberOf(newest[0] as { cursor: string }) - 3);
      expect(await countsOf(store(), ada)).toEqual({ unread: 1_000, unseen: 3 });
    });

    test('counts exactly what is left unread, one by one, of more than fill a count', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada', { roles: ['dev'] });
      const first = await publish(store(), tenant, ...Array.from({ length: 400 }, () => ({ to: ['role:dev'] })));
      await publish(store(), tenant, ...Array.from({ length: 900 }, () => ({ to: ['role:dev', 'user:ada'] })));
      await mark(store(), ada, 'read', ...first.slice(0, 350));
      expect(await countsOf(store(), ada)).toEqual({ unread: 950, unseen: 950 });
      await mark(store(), ada, 'seen', ...first.slice(350));
      expect(await countsOf(store(), ada)).toEqual({ unread: 950, unseen: 900 });
    });

    test('finds few unseen ones below more than 1,000 that are seen and unread', async () => {
      const tenant = newTenant();
      const ada = reader(tenant, 'ada');
      await publish(store(), tenant, { type: 'rare' }, { type: 'rare' });
      await publish(store(), tenant, ...Array.from({ length: 1_000 }, () => ({})));
      await publish(store(), tenant, ...Array.from({ length: 400 }, () => ({})));
      await markUpTo(store(), ada, 'seen', null, ['comment']);
      expect(await countsOf(store(), ada)).toEqual({ unread: 1_000, unseen: 2 });
    });
  });
}
