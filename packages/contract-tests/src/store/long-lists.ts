import type { Store } from '@belfry/core';
import { NOTHING, parseCursor } from '@belfry/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { countsOf, inboxQuery, markUpTo, publish } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { newTenant, reader } from './samples.ts';

interface Page {
  items: { title: string }[];
  nextCursor: string | null;
}

/** Goes on by cursor to the end; how many pages that took, and all that was on them. */
async function walk(read: (before: number | null) => Promise<Page>) {
  const titles: string[] = [];
  let pages = 0;
  for (let before: number | null = null; ; ) {
    const page = await read(before);
    pages += 1;
    titles.push(...page.items.map((item) => item.title));
    if (page.nextCursor === null) return { pages, titles };
    before = (parseCursor(page.nextCursor) as { n: number }).n;
  }
}

/** What narrow lists cost in a long inbox. */
export function longListSuite(open: SharedStore): void {
  describe('a long inbox', () => {
    const MANY = 6_000;
    const rare = { kind: 'story', id: 'rare' };
    const common = { kind: 'project', id: 'common' };
    const tenant = newTenant();
    const [ada, ben] = [reader(tenant, 'ada'), reader(tenant, 'ben')];
    const store = (): Store => open().store;

    /** To Ben one item in the middle, to Ada all others; her first is like no other. */
    beforeAll(async () => {
      await publish(store(), tenant, { title: 'first', type: 'rare', severity: 'critical', subject: rare });
      const others = { title: 'other', subject: common };
      for (let n = 0; n < MANY; n += 1_000) {
        await publish(store(), tenant, ...Array.from({ length: 1_000 }, () => others));
        if (n === 2_000) await publish(store(), tenant, { to: ['user:ben'], title: 'to ben', subject: common });
      }
    });

    const listOf = (who: typeof ada, over: object) => (before: number | null) =>
      store().read('inbox', { reader: who, query: inboxQuery({ ...over, before }) });
    const sent = (over: object) => (before: number | null) =>
      store().read('notifications', { tenant, query: { limit: 100, ...over, before } });

    test('is not looked through in one page, and loses nothing to who goes on by its cursor', async () => {
      const severity = { severity: ['critical'] };
      const pages = [listOf(ada, severity), listOf(ada, { types: ['rare'] }), sent(severity)];
      for (const read of pages) {
        expect((await read(null)).items).toEqual([]);
        expect(await walk(read)).toEqual({ pages: 2, titles: ['first'] });
      }
      expect(await walk(listOf(ada, { severity: ['warning'] }))).toEqual({ pages: 2, titles: [] });
    });

    test('gives a state what it found, with where to go on', async () => {
      const who = { ...ada, types: ['rare'] };
      const { notifications } = await store().read('state', { reader: who, limit: 50 });
      expect(notifications).toMatchObject({ items: [], unread: 1, unseen: 1, nextCursor: expect.any(String) });
    });

    test('goes on from a cursor whose event is no longer kept', async () => {
      const before = await listOf(ada, { severity: ['critical'] })(null);
      await store().commit('retain', { maxAgeMs: -1e9, maxBytes: 1e12, limit: 1e6 });
      expect((await listOf(ada, { severity: ['critical'] })(null)).nextCursor).toBe(before.nextCursor);
      expect((await walk(listOf(ada, { severity: ['critical'] }))).titles).toEqual(['first']);
    });

    test('finds what is about a rare subject at once, however far down', async () => {
      for (const read of [listOf(ada, { subject: rare }), sent({ subject: rare })]) {
        expect(await walk(read)).toEqual({ pages: 1, titles: ['first'] });
      }
      expect(await walk(listOf(ben, { subject: rare }))).toEqual({ pages: 1, titles: [] });
      expect(await walk(listOf(ada, { subject: rare, filter: 'archived' }))).toEqual({ pages: 1, titles: [] });
      expect(await walk(listOf(ada, { subject: rare, types: ['comment'] }))).toEqual({ pages: 1, titles: [] });
    });

    test('finds in a short inbox what everything is about', async () => {
      expect(await walk(listOf(ben, { subject: common }))).toEqual({ pages: 1, titles: ['to ben'] });
      expect((await walk(sent({ subject: common, to: 'user:ben' }))).titles).toEqual(['to ben']);
    });

    test('is marked to its end: no mark stops halfway', async () => {
      expect(await markUpTo(store(), ada, 'read', null, ['rare'])).not.toBeNull();
      expect(await countsOf(store(), { ...ada, types: ['rare'] })).toEqual({ unread: 0, unseen: 0 });
    });
  });

  describe('an inbox of channels that are not equally busy', () => {
    const CHANNELS = 40;
    const tenant = newTenant();
    const names = Array.from({ length: CHANNELS }, (_, n) => `topic:t${n}`);
    const ada = { ...reader(tenant, 'ada'), grants: { ...NOTHING, exact: ['user:ada', ...names] } };
    const titles: string[] = [];
    const store = (): Store => open().store;

    /** First 3 on each, then 700 on one, and last 500 on two of the others by turns; every tenth on two of hers at once. */
    beforeAll(async () => {
      const to = [
        ...names.flatMap((name) => [name, name, name]),
        ...Array.from({ length: 700 }, () => 'topic:t7'),
        ...Array.from({ length: 500 }, (_, n) => `topic:t${n % 2}`),
      ];
      const items = to.map((name, n) => ({ title: `${n}`, to: n % 10 === 0 ? [name, 'user:ada'] : [name] }));
      for (let from = 0; from < items.length; from += 500)
        await publish(store(), tenant, ...items.slice(from, from + 500));
      titles.push(...items.map(({ title }) => title).reverse());
    });

    test('is listed newest first, each item once, whatever the pages', async () => {
      for (const limit of [29, 100]) {
        const read = (before: number | null) =>
          store().read('inbox', { reader: ada, query: inboxQuery({ limit, before }) });
        expect((await walk(read)).titles).toEqual(titles);
      }
    });

    test('is counted to the cap, and exactly below it', async () => {
      expect(await countsOf(store(), ada)).toEqual({ unread: 1_000, unseen: 1_000 });
      const counts = (from: number) => countsOf(store(), { ...ada, grants: { ...NOTHING, exact: names.slice(from) } });
      const withBusiest = 3 * (CHANNELS - 2) + 700;
      expect(await counts(2)).toEqual({ unread: withBusiest, unseen: withBusiest });
      const alike = 3 * (CHANNELS - 8);
      expect(await counts(8)).toEqual({ unread: alike, unseen: alike });
    });

    test('is resumed in order, from anywhere and in pages of any length', async () => {
      const all = { log: tenant, grants: ada.grants, maxBytes: 1e7 };
      for (const limit of [17, 400]) {
        const found: number[] = [];
        for (let after = 0; ; ) {
          const page = await store().read('readLog', { ...all, after, upTo: 1e6, limit });
          found.push(...page.events.map(({ n }) => n));
          if (page.upTo === after || page.events.length === 0) break;
          after = page.upTo;
        }
        expect(found).toEqual(titles.map((_, index) => index + 1));
      }
    });
  });
}
