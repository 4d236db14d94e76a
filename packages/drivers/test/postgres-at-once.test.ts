import { draft } from '@belfry/contract-tests/samples';
import type { Store } from '@belfry/core';
import { EVERYTHING } from '@belfry/protocol';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Connection } from '../src/store/postgres/connection.ts';
import { LOCKS } from '../src/store/postgres/locks.ts';
import { anyServer, isMissing, POSTGRES, sqlOn, type TestServer } from './support/postgres-server.ts';
import { withStores } from './support/postgres-stores.ts';

describe.skipIf(isMissing(POSTGRES))('a group that is one statement on Postgres', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await anyServer();
  });
  afterAll(() => server?.dispose());
  afterEach(() => vi.restoreAllMocks());

  const tenant = 'acme';
  const publish = (store: Store, { key, ...over }: { key?: string; id?: string; to?: string[]; type?: string } = {}) =>
    store.commit(
      'publish',
      { tenant, drafts: [draft(over as object)] },
      ...(key === undefined ? [] : [{ key, fingerprint: 'f' }]),
    );
  const numberOf = async (published: ReturnType<typeof publish>) => (await published).events[0]?.n;
  const wholeLog = async (store: Store) => {
    const input = { log: tenant, after: 0, upTo: 1e9, grants: EVERYTHING, limit: 1e6, maxBytes: 1e12 };
    return (await store.read('readLog', input)).events;
  };

  /** How each group that comes from now on is sent. */
  function watchGroups(): string[] {
    const ways: string[] = [];
    const { query, batch } = Connection.prototype;
    vi.spyOn(Connection.prototype, 'query').mockImplementation(function (this: Connection, text, values) {
      if (text.includes('hold_log')) ways.push('at once');
      return query.call(this, text, values);
    });
    vi.spyOn(Connection.prototype, 'batch').mockImplementation(function (this: Connection, statements) {
      if (statements[0]?.[0].includes('open_log')) ways.push('in steps');
      return batch.call(this, statements);
    });
    return ways;
  }

  /** Until it commits. */
  async function holdsTheLog(url: string): Promise<Client> {
    const foreign = new Client({ connectionString: url });
    await foreign.connect();
    await foreign.query(`begin; select pg_advisory_xact_lock(${LOCKS.log}, id) from belfry.logs`);
    return foreign;
  }

  test('is sent where this process wrote last, and in steps only where another has', () =>
    withStores(server.url, 2, async ([one, other]) => {
      const ways = watchGroups();
      const numbers = [];
      for (const store of [one, one, one, other, other, one]) numbers.push(await numberOf(publish(store as Store)));
      expect(numbers).toEqual([1, 2, 3, 4, 5, 6]);
      const wrongGuess = ['at once', 'in steps'];
      expect(ways).toEqual(['in steps', 'at once', 'at once', 'in steps', 'at once', ...wrongGuess]);
    }));

  test('guesses less and less where another process writes between, and again once it was right', () =>
    withStores(server.url, 2, async ([one, other]) => {
      const guesses = [];
      await publish(one as Store);
      for (let i = 0; i < 8; i += 1) {
        await publish(other as Store);
        const ways = watchGroups();
        await publish(one as Store);
        guesses.push(ways[0]);
        vi.restoreAllMocks();
      }
      const [asks, guess] = ['in steps', 'at once'];
      expect(guesses).toEqual([guess, guess, asks, guess, asks, asks, asks, guess]);
      while ((await groupsOf(() => publish(one as Store)))[0] !== guess);
      expect(await groupsOf(() => publish(one as Store))).toEqual([guess]);
    }));

  async function groupsOf(work: () => Promise<unknown>): Promise<string[]> {
    const ways = watchGroups();
    await work();
    vi.restoreAllMocks();
    return ways;
  }

  test('finds the first answer of a key, whichever process had it, and keeps its own', () =>
    withStores(server.url, 2, async ([one, other]) => {
      const ids = [];
      await publish(one as Store);
      for (const store of [one, one, other, one]) {
        const { out, replayed } = await publish(store as Store, { key: 'k' });
        ids.push([out.notifications[0]?.id, replayed]);
      }
      const [[first]] = ids as [[string]];
      expect(ids).toEqual([false, true, true, true].map((replayed) => [first, replayed]));
      await expect(
        one?.commit('publish', { tenant, drafts: [draft()] }, { key: 'k', fingerprint: 'another' }),
      ).rejects.toMatchObject({ code: 'idempotency_mismatch' });
    }));

  test('fails in those members only that are to blame', () =>
    withStores(server.url, 1, async ([store]) => {
      const { out } = await publish(store as Store);
      const taken = out.notifications[0]?.id as string;
      const ways = watchGroups();
      const group = [{}, { id: taken }, { type: 'a\0b' }, { to: [] }, {}].map((over) => publish(store as Store, over));
      const settled = await Promise.allSettled(group);
      expect(ways[0]).toBe('at once');
      expect(settled.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'rejected',
        'fulfilled',
      ]);
      expect((await wholeLog(store as Store)).map(({ n }) => n)).toEqual([1, 2, 3]);
    }));

  test('goes on from where the log ends, also after a database was set back', () =>
    withStores(server.url, 1, async ([store], url) => {
      for (let i = 0; i < 5; i += 1) await publish(store as Store);
      await sqlOn(url, 'delete from belfry.notifications where n > 2');
      await sqlOn(url, 'delete from belfry.addressed where n > 2');
      await sqlOn(url, 'delete from belfry.events where n > 2');
      expect(await numberOf(publish(store as Store))).toBe(3);
      await sqlOn(url, `update belfry.events set check_value = 'zzzz' where n = 3`);
      const { events } = await publish(store as Store);
      expect(events[0]).toMatchObject({ n: 4, follows: 'zzzz' });
    }));

  describe('with many notifications', () => {
    const batch = (store: Store, title: string, over: { id?: string; size?: number } = {}) => {
      const { size = 300, ...last } = over;
      const drafts = [...Array.from({ length: size - 1 }, () => draft({ title })), draft({ title, ...last })];
      return store.commit('publish', { tenant, drafts });
    };
    /** Its title, and where it begins and ends in the log. */
    const placed = ({ events }: Awaited<ReturnType<typeof batch>>) => [
      JSON.parse(events[0]?.data as string).notification.title,
      events[0]?.n,
      events.at(-1)?.n,
    ];
    /** Who was told of what first. */
    const inTurn = async (works: ReturnType<typeof batch>[]) => {
      const told: unknown[] = [];
      await Promise.allSettled(works.map((work) => work.then((made) => told.push(placed(made)))));
      return told;
    };
    const isWhole = async (store: Store, end: number) => {
      const events = await wholeLog(store);
      expect(events.map(({ n }) => n)).toEqual(Array.from({ length: end }, (_, index) => index + 1));
      expect(new Set(events.map(({ check }) => check)).size).toBeGreaterThan(end / 2);
    };

    test('is sent behind another before that is answered, and each follows the one before it', () =>
      withStores(server.url, 1, async ([store]) => {
        await publish(store as Store);
        const underWay: (number | null)[] = [];
        const { query } = Connection.prototype;
        vi.spyOn(Connection.prototype, 'query').mockImplementation(function (this: Connection, text, values) {
          if (text.includes('hold_log')) underWay.push(this.newest);
          return query.call(this, text, values);
        });
        const works = ['a', 'b', 'c', 'd'].map((title) => batch(store as Store, title));
        expect(await inTurn(works)).toEqual([
          ['a', 2, 301],
          ['b', 302, 601],
          ['c', 602, 901],
          ['d', 902, 1201],
        ]);
        // The first three are one group. The other was sent while its statement was not answered.
        expect(underWay).toEqual([null, expect.any(Number)]);
        const events = (await Promise.all(works)).flatMap((made) => made.events);
        for (const [at, event] of events.entries()) if (at > 0) expect(event.follows).toBe(events[at - 1]?.check);
        await isWhole(store as Store, 1201);
      }));

    test('comes after one whose guess was wrong, and writes nothing before', () =>
      withStores(server.url, 2, async ([one, other]) => {
        await publish(one as Store);
        await publish(other as Store);
        const ways = watchGroups();
        const told = await inTurn(['a', 'b', 'c'].map((title) => batch(one as Store, title, { size: 900 })));
        expect(told).toEqual([
          ['a', 3, 902],
          ['b', 903, 1802],
          ['c', 1803, 2702],
        ]);
        expect(ways.slice(0, 2)).toEqual(['at once', 'at once']);
        expect(ways.filter((way) => way === 'in steps').length).toBeGreaterThanOrEqual(2);
        await isWhole(one as Store, 2702);
      }));

    test('does not suffer where the one before it is refused', () =>
      withStores(server.url, 1, async ([store]) => {
        const { out } = await publish(store as Store);
        const id = out.notifications[0]?.id as string;
        const works = [
          batch(store as Store, 'refused', { size: 900, id }),
          batch(store as Store, 'fine', { size: 900 }),
          batch(store as Store, 'fine too', { size: 900 }),
        ];
        expect(await inTurn(works)).toEqual([
          ['fine', 2, 901],
          ['fine too', 902, 1801],
        ]);
        await expect(works[0]).rejects.toMatchObject({ code: 'invalid', field: 'id' });
        await isWhole(store as Store, 1801);
      }));

    test('does not suffer where the session has forgotten what the one before it had prepared', () =>
      withStores(server.url, 1, async ([store]) => {
        for (const title of ['a', 'b', 'c', 'd', 'e']) await batch(store as Store, title, { size: 900 });
        const { query } = Connection.prototype;
        const answers: string[] = [];
        vi.spyOn(Connection.prototype, 'query').mockImplementation(function (this: Connection, text, values) {
          if (!text.includes('hold_log')) return query.call(this, text, values);
          // Slowly, so that the other is sent before this one is answered.
          if (answers.length === 0) void query.call(this, 'deallocate all; select pg_sleep(0.5)');
          const at = answers.push('none') - 1;
          const asked = query.call(this, text, values);
          const tell = (answer: string) => {
            answers[at] = answer;
          };
          asked.then(
            () => tell('written nothing'),
            ({ code = 'lost' }: { code?: string }) => tell(code),
          );
          return asked;
        });
        const drafts = Array.from({ length: 900 }, () => draft({ title: 'g' }));
        const works = [
          batch(store as Store, 'f', { size: 900 }),
          // By a statement of its own, for the key.
          (store as Store).commit('publish', { tenant, drafts }, { key: 'k', fingerprint: 'f' }),
        ];
        expect(await inTurn(works)).toEqual([
          ['f', 4_501, 5_400],
          ['g', 5_401, 6_300],
        ]);
        expect(answers.slice(0, 2)).toEqual(['26000', 'written nothing']);
        await isWhole(store as Store, 6_300);
      }));

    test('keeps its place before one that is sent behind it, also where it has to wait', () =>
      withStores(server.url, 1, async ([store], url) => {
        await publish(store as Store);
        const foreign = await holdsTheLog(url);
        const ways = watchGroups();
        const keyed = Array.from({ length: 250 }, (_, at) => draft({ title: 'b', dedupeKey: `${at}` }));
        const works = [
          batch(store as Store, 'a', { size: 900 }),
          (store as Store).commit('publish', { tenant, drafts: keyed }),
        ];
        await vi.waitUntil(() => ways.includes('in steps'), { timeout: 30_000 });
        await foreign.query('commit');
        await foreign.end();
        expect(await inTurn(works)).toEqual([
          ['a', 2, 901],
          ['b', 902, 1151],
        ]);
        await isWhole(store as Store, 1151);
      }));

    test('is sent behind nothing where the connection may be somebody else’s by now', () =>
      withStores(server.url, 1, async ([store]) => {
        await publish(store as Store);
        const ways = watchGroups();
        let newest = 0;
        vi.spyOn(Connection.prototype, 'newest', 'get').mockImplementation(() => {
          newest += 1;
          return newest;
        });
        await Promise.all(['a', 'b'].map((title) => batch(store as Store, title, { size: 900 })));
        expect(ways).toEqual(['at once', 'in steps']);
        await isWhole(store as Store, 1801);
      }));

    test('is done before a later call that needs more than the end of the log', () =>
      withStores(server.url, 1, async ([store]) => {
        await publish(store as Store);
        const id = crypto.randomUUID();
        const works = [batch(store as Store, 'a', { size: 900 }), batch(store as Store, 'b', { size: 900, id })];
        const edited = store?.commit('edit', { tenant, id, patch: { title: 'edited' } });
        await Promise.all(works);
        expect((await edited)?.out.notification.title).toBe('edited');
        await isWhole(store as Store, 1802);
      }));
  });

  test('waits for no lock: where another holds the log, its steps do', () =>
    withStores(server.url, 1, async ([store], url) => {
      await publish(store as Store);
      const foreign = await holdsTheLog(url);
      const ways = watchGroups();
      const waiting = publish(store as Store);
      await vi.waitUntil(() => ways.length === 2, { timeout: 30_000 });
      await foreign.query('commit');
      await foreign.end();
      await waiting;
      expect(ways).toEqual(['at once', 'in steps']);
    }));

  test.each([
    [-6_000, 0],
    [0, 1],
    [500, 1],
    [60_000, 0],
  ])('is refused where its time is %d ms from the database’s: rows %d', (ms, rows) =>
    withStores(server.url, 1, async ([store], url) => {
      await publish(store as Store);
      const held = await sqlOn(
        url,
        `select h.* from belfry.events e, belfry.hold_log(1, e.log, e.n, e.check_value,
          (extract(epoch from clock_timestamp()) * 1000)::int8 + ${ms}, '{}') h`,
      );
      expect(held).toHaveLength(rows);
    }),
  );
});
