import { EVERYTHING, type Grants, ORIGIN, parseCursor } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { everyEvent, publish, publishOne } from './fixtures.ts';
import type { SharedStore } from './harness.ts';
import { draft, newTenant } from './samples.ts';

/** Numbers, positions and pages of a tenant's log. */
export function logSuite(open: SharedStore): void {
  describe('log', () => {
    const store = () => open().store;
    const emit = async (tenant: string, to: string[], data = '{}') =>
      parseCursor((await store().commit('emit', { tenant, to, type: 'app.thing', data })).out.cursor);
    const read = (tenant: string, grants: Grants, over: object = {}) =>
      store().read('readLog', { log: tenant, after: 0, upTo: 1e9, grants, limit: 1_000, maxBytes: 1e9, ...over });
    const only = (...exact: string[]): Grants => ({ everything: false, exact, prefixes: [] });
    const under = (...prefixes: string[]): Grants => ({ everything: false, exact: [], prefixes });

    test('has the same epoch for everyone, of six letters and digits', () => {
      expect(store().epoch).toMatch(/^[0-9a-z]{6}$/);
    });

    test('starts at the origin for a tenant that nobody wrote to', async () => {
      const tenant = newTenant();
      expect(await store().read('locate', { log: tenant, n: 0 })).toEqual({ head: ORIGIN, check: '0', oldest: 1 });
      expect(await store().read('locate', { log: tenant, n: 7 })).toEqual({ head: ORIGIN, check: null, oldest: 1 });
      expect(await read(tenant, EVERYTHING)).toEqual({ events: [], upTo: 0 });
      expect(await store().read('countBehind', { log: tenant, after: 0, grants: EVERYTHING, cap: 9 })).toBe(0);
    });

    test('numbers from 1 without gaps, each tenant on its own', async () => {
      const [one, other] = [newTenant(), newTenant()];
      for (let i = 0; i < 3; i += 1) {
        await emit(one, ['all']);
        await publish(store(), other, {}, {});
      }
      expect((await everyEvent(store(), one)).map((event) => event.n)).toEqual([1, 2, 3]);
      expect((await everyEvent(store(), other)).map((event) => event.n)).toEqual([1, 2, 3, 4, 5, 6]);
    });

    test('names with each event of a commit the one before it', async () => {
      const tenant = newTenant();
      const events = [];
      for (let i = 0; i < 2; i += 1) {
        const drafts = [draft(), draft()];
        events.push(...(await store().commit('publish', { tenant, drafts })).events);
      }
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          const told = await store().commit('emit', { tenant, to: ['all'], type: 'app.thing', data: '0' });
          events.push(...told.events);
        }),
      );
      events.sort((one, other) => one.n - other.n);
      expect(events.map(({ follows }) => follows)).toEqual(['0', ...events.slice(0, -1).map(({ check }) => check)]);
    });

    test('gives each event a check value, the same in its cursor, in locate and in pages', async () => {
      const tenant = newTenant();
      const cursors = [await emit(tenant, ['all']), await emit(tenant, ['all'])];
      const events = await everyEvent(store(), tenant);
      for (const [index, cursor] of cursors.entries()) {
        expect(cursor?.epoch).toBe(store().epoch);
        expect(cursor?.check).toMatch(/^[0-9a-z]{4}$/);
        expect(events[index]?.check).toBe(cursor?.check);
        expect((await store().read('locate', { log: tenant, n: index + 1 })).check).toBe(cursor?.check);
      }
      expect(await store().read('locate', { log: tenant, n: 3 })).toMatchObject({
        check: null,
        head: { n: 2 },
        oldest: 1,
      });
    });

    test('keeps what was said of a notification, whole and by channel, when that is edited, replaced or withdrawn', async () => {
      const tenant = newTenant();
      const sent = ['edited', 'replaced', 'withdrawn', 'left'].map((title) =>
        draft({ to: ['topic:x', 'user:ada'], title, dedupeKey: title === 'replaced' ? 'same' : null }),
      );
      const { events } = await store().commit('publish', { tenant, drafts: sent });
      await store().commit('edit', { tenant, id: sent[0]?.id ?? '', patch: { title: 'other' } });
      await publishOne(store(), tenant, { to: ['topic:x'], dedupeKey: 'same' });
      await store().commit('withdraw', { tenant, id: sent[2]?.id ?? '' });
      const said = events.map(({ follows: _, ...event }) => event);
      for (const grants of [EVERYTHING, only('topic:x'), under('topic:', 'user:'), only('user:ada')]) {
        const page = await read(tenant, grants);
        expect(page.events.slice(0, 4)).toEqual(said);
        expect(new Set(page.events.map(({ n }) => n)).size).toBe(page.events.length);
        expect(await store().read('countBehind', { log: tenant, after: 0, grants, cap: 100 })).toBe(page.events.length);
      }
    });

    test('gives back an event as it was committed', async () => {
      const tenant = newTenant();
      const data = '{"a":[1,"\\u0000 \\ud800 é\\n"]}';
      const { events } = await store().commit('emit', { tenant, to: ['topic:a/b', 'all'], type: 'app.thing', data });
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject({ tenant, n: 1, type: 'app.thing', to: ['topic:a/b', 'all'], data });
      expect(events[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(events).toMatchObject(await everyEvent(store(), tenant));
    });

    test('shows a reader only what is on the channels it holds, each event once, in order', async () => {
      const tenant = newTenant();
      await emit(tenant, ['all', 'topic:x']);
      await emit(tenant, ['user:ada']);
      await emit(tenant, ['topic:x']);
      await emit(tenant, ['role:admin', 'user:ada', 'all']);
      const numbers = async (grants: Grants) => (await read(tenant, grants)).events.map((event) => event.n);
      expect(await numbers(only('all', 'topic:x'))).toEqual([1, 3, 4]);
      expect(await numbers(only('user:ada', 'role:admin', 'all'))).toEqual([1, 2, 4]);
      expect(await numbers(only('user:ben'))).toEqual([]);
      expect(await numbers(only())).toEqual([]);
      expect(await numbers(EVERYTHING)).toEqual([1, 2, 3, 4]);
    });

    test('reads by prefix the channels under it and no others', async () => {
      const tenant = newTenant();
      const channels = ['topic:p/a', 'topic:p/b', 'topic:p', 'topic:q', 'topic:p/~', 'topic:P/a', 'topic:o'];
      for (const channel of channels) await emit(tenant, [channel]);
      const numbers = async (grants: Grants) => (await read(tenant, grants)).events.map((event) => event.n);
      expect(await numbers(under('topic:p/'))).toEqual([1, 2, 5]);
      expect(await numbers(under('topic:p'))).toEqual([1, 2, 3, 5]);
      expect(await numbers(under('topic:'))).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(await numbers({ everything: false, exact: ['topic:q'], prefixes: ['topic:p/a', 'topic:p/'] })).toEqual([
        1, 2, 4, 5,
      ]);
    });

    test('reads also for a reader of hundreds of channels', async () => {
      const tenant = newTenant();
      const numbers = Array.from({ length: 300 }, (_, index) => index);
      await Promise.all(numbers.map((index) => emit(tenant, [`topic:many/${index}`])));
      await emit(tenant, ['topic:other']);
      const many = only(...numbers.map((index) => `topic:many/${index}`));
      for (const grants of [many, under('topic:many/')]) {
        const page = await read(tenant, grants, { limit: 250 });
        expect(page.events.map((event) => event.n)).toEqual(numbers.slice(0, 250).map((index) => index + 1));
        expect(page.upTo).toBe(250);
        const rest = await read(tenant, grants, { after: page.upTo });
        expect(rest).toMatchObject({ upTo: 301 });
        expect(rest.events).toHaveLength(50);
        expect(await store().read('countBehind', { log: tenant, after: 0, grants, cap: 1_000 })).toBe(300);
        expect(await store().read('countBehind', { log: tenant, after: 0, grants, cap: 7 })).toBe(7);
      }
    });

    test('pages from where the last page ended, whatever its limit, and never past the head', async () => {
      const tenant = newTenant();
      for (let i = 0; i < 10; i += 1) await emit(tenant, [i % 2 === 0 ? 'all' : 'user:ada']);
      const seen: number[] = [];
      let after = 0;
      do {
        const page = await read(tenant, only('all'), { after, limit: 2 });
        seen.push(...page.events.map((event) => event.n));
        after = page.upTo;
      } while (after < 10);
      expect(seen).toEqual([1, 3, 5, 7, 9]);
      expect(after).toBe(10);
      expect(await read(tenant, only('user:ben'), { after: 4 })).toEqual({ events: [], upTo: 10 });
    });

    test('stops at upTo, and says that it judged all up to there', async () => {
      const tenant = newTenant();
      for (let i = 0; i < 6; i += 1) await emit(tenant, ['all']);
      const page = await read(tenant, only('all'), { after: 1, upTo: 4 });
      expect(page.events.map((event) => event.n)).toEqual([2, 3, 4]);
      expect(page.upTo).toBe(4);
      expect(await read(tenant, EVERYTHING, { after: 2, upTo: 3 })).toMatchObject({ upTo: 3 });
    });

    test('bounds a page by bytes, with at least one event', async () => {
      const tenant = newTenant();
      for (let i = 0; i < 5; i += 1) await emit(tenant, ['all'], JSON.stringify('x'.repeat(1_000)));
      const small = await read(tenant, only('all'), { maxBytes: 10 });
      expect(small.events.map((event) => event.n)).toEqual([1]);
      expect(small.upTo).toBe(1);
      const some = await read(tenant, EVERYTHING, { maxBytes: 2_500 });
      expect(some).toMatchObject({ upTo: 2 });
      expect((await read(tenant, only('all'), { after: 2, maxBytes: 3_100 })).events).toHaveLength(3);
    });

    test('counts how far behind a reader is, no further than the cap', async () => {
      const tenant = newTenant();
      for (let i = 0; i < 9; i += 1) await emit(tenant, i % 3 === 0 ? ['all', 'topic:x'] : ['user:ada']);
      const behind = (after: number, grants: Grants, cap = 100) =>
        store().read('countBehind', { log: tenant, after, grants, cap });
      expect(await behind(0, only('all', 'topic:x'))).toBe(3);
      expect(await behind(4, only('all'))).toBe(1);
      expect(await behind(0, only('user:ada'), 4)).toBe(4);
      expect(await behind(2, EVERYTHING)).toBe(7);
      expect(await behind(2, EVERYTHING, 5)).toBe(5);
      expect(await behind(9, EVERYTHING)).toBe(0);
      expect(await behind(50, EVERYTHING)).toBe(0);
      expect(await behind(0, under('topic:'))).toBe(3);
    });

    test('never lets time go backwards along the numbers', async () => {
      const tenant = newTenant();
      for (let i = 0; i < 20; i += 1) await publishOne(store(), tenant);
      const times = (await everyEvent(store(), tenant)).map((event) => event.time);
      expect(times).toEqual([...times].sort());
    });
  });
}
