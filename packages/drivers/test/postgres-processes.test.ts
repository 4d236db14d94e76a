import { draft, person, reader } from '@belfry/contract-tests/samples';
import type { Store } from '@belfry/core';
import { EVERYTHING } from '@belfry/protocol';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { anyServer, isMissing, POSTGRES, sqlOn, type TestServer } from './support/postgres-server.ts';
import { withStores } from './support/postgres-stores.ts';

describe.skipIf(isMissing(POSTGRES))('several processes on one Postgres', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await anyServer();
  });
  afterAll(() => server?.dispose());

  const tenant = 'acme';
  const publish = (store: Store, over = {}) => store.commit('publish', { tenant, drafts: [draft(over)] });
  const wholeLog = (store: Store, of = tenant) =>
    store.read('readLog', { log: of, after: 0, upTo: 1e9, grants: EVERYTHING, limit: 1e6, maxBytes: 1e12 });

  test('number one tenant’s events without gaps, each event once, in the order of their commits', () =>
    withStores(server.url, 4, async (stores) => {
      const answered: { n: number; id: string }[] = [];
      const write = async (store: Store) => {
        for (let i = 0; i < 20; i += 1) {
          const one = draft();
          const { events } = await store.commit('publish', { tenant, drafts: [one] });
          answered.push({ n: events[0]?.n as number, id: one.id });
        }
      };
      await Promise.all(stores.flatMap((store) => Array.from({ length: 5 }, () => write(store))));
      const { events } = await wholeLog(stores[0] as Store);
      expect(events.map((event) => event.n)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
      const ids = new Map(events.map((event) => [event.n, JSON.parse(event.data).notification.id]));
      for (const { n, id } of answered) expect(ids.get(n)).toBe(id);
      const times = events.map((event) => event.time);
      expect(times).toEqual([...times].sort());
    }));

  test('forget who holds a topic that is taken from everybody, also of whom another writes down something else just then', () =>
    withStores(server.url, 1, async ([store], url) => {
      const { grants } = reader(tenant, 'ada', { channels: ['topic:news'], since: 0 });
      const people = [{ tenant, user: 'ada', grants, open: 1, sent: 1 }];
      await store?.commit('presence', { process: 'here', people, reached: [] });
      const taken = () => store?.commit('revokeChannel', { tenant, channel: 'topic:news' });
      await whileWriting(url, 'update belfry.people set sent_n = 2', taken);
      expect(await sqlOn(url, 'select sent_n, scope from belfry.people')).toEqual([{ sent_n: '2', scope: '' }]);
    }));

  test('leave nothing of an item’s fallback that is withdrawn, also where another sends it just then', () =>
    withStores(server.url, 1, async ([store], url) => {
      const fallback = { afterSeconds: 60, until: 'read' as const };
      const { out } = (await store?.commit('publish', { tenant, drafts: [draft({ fallback })] })) ?? {};
      const withdrawn = () => store?.commit('withdraw', { tenant, id: out?.notifications[0]?.id ?? '' });
      await whileWriting(url, 'update belfry.fallbacks set due_at = null', withdrawn);
      expect(await sqlOn(url, 'select n from belfry.fallbacks')).toEqual([]);
    }));

  test('never show a number before all smaller ones', () =>
    withStores(server.url, 3, async ([reading, ...writing]) => {
      let done = false;
      const writes = writing.flatMap((store) =>
        Array.from({ length: 8 }, async () => {
          for (let i = 0; i < 15; i += 1) await publish(store);
        }),
      );
      const watch = async () => {
        for (let seen = 0; !done; ) {
          const { events } = await wholeLog(reading as Store);
          expect(events.map((event) => event.n)).toEqual(events.map((_, index) => index + 1));
          expect(events.length).toBeGreaterThanOrEqual(seen);
          seen = events.length;
        }
      };
      const watching = watch();
      await Promise.all(writes);
      done = true;
      await watching;
    }));

  test('make a request with an Idempotency-Key once, wherever it is repeated', () =>
    withStores(server.url, 4, async (stores) => {
      const send = (store: Store, key: string, fingerprint = 'f') =>
        store.commit('publish', { tenant, drafts: [draft()] }, { key, fingerprint });
      const keys = ['a', 'b', 'c', 'd', 'e'];
      const works = stores.flatMap((store, index) =>
        // Each in an order of its own.
        [...keys.slice(index), ...keys.slice(0, index)].map((key) => send(store, key)),
      );
      const results = await Promise.all(works);
      expect(results.filter((result) => !result.replayed)).toHaveLength(keys.length);
      expect((await wholeLog(stores[0] as Store)).events).toHaveLength(keys.length);
      await expect(send(stores[1] as Store, 'a', 'other')).rejects.toMatchObject({ code: 'idempotency_mismatch' });
    }));

  test('mix all kinds of writes, clean-ups among them, without one deadlock', () =>
    withStores(server.url, 3, async (stores, url) => {
      const tenants = ['t1', 't2', 't3'];
      const soon = () => new Date(Date.now() + 30).toISOString();
      const turn = async (store: Store, seed: number) => {
        for (let i = 0; i < 12; i += 1) {
          const at = tenants[(seed + i) % 3] as string;
          const ada = reader(at, 'ada');
          const key = { key: `k${(seed * i) % 7}`, fingerprint: 'f' };
          const [one, two] = [draft({ dedupeKey: `d${i % 3}` }), draft({ expiresAt: soon() })];
          await Promise.all([
            store.commit('publish', { tenant: at, drafts: [one, two, draft()] }),
            store.commit('emit', { tenant: at, to: ['all'], type: 'app.x', data: '1' }, key),
            store.commit('markUpTo', { reader: ada, mark: 'read', upTo: null, types: null }),
            store.commit('mark', { reader: ada, ids: [two.id], mark: 'archived' }).catch(ignoreNotFound),
            store.commit('withdraw', { tenant: at, id: one.id }).catch(ignoreNotFound),
            store.commit('ack', { tenant: at, user: 'ada', device: `d${i % 2}`, n: i }),
            store.commit('expire', { limit: 10 }),
            store.commit('retain', { maxAgeMs: 20, maxBytes: 1e9, limit: 50 }),
          ]);
        }
      };
      await Promise.all(stores.flatMap((store, index) => [turn(store, index), turn(store, index + 5)]));
      for (const at of tenants) {
        const { events } = await wholeLog(stores[0] as Store, at);
        const first = events[0]?.n as number;
        expect(events.map((event) => event.n)).toEqual(events.map((_, index) => first + index));
      }
      // Sessions report what they have counted at their end.
      await Promise.all(stores.map((store) => store.close()));
      const deadlocks = await sqlOn(url, 'select deadlocks from pg_stat_database where datname = current_database()');
      expect(deadlocks).toEqual([{ deadlocks: '0' }]);
    }));

  test('let one of them win a ticket, and take it over when that one has gone', () =>
    withStores(server.url, 3, async ([one, two, three]) => {
      const hash = 'a'.repeat(64);
      const who = person(tenant, 'ada');
      const ticket = { hash, person: who, unusedMs: 30_000, expiresAt: null };
      await (one as Store).commit('issueTicket', ticket);
      const stores = [one, two] as Store[];
      const claims = await Promise.all(
        stores.flatMap((store) =>
          Array.from({ length: 5 }, () => store.commit('claimTicket', { hash, resuming: false })),
        ),
      );
      const winner = claims.findIndex(({ out }) => 'person' in out) < 5 ? one : two;
      expect(claims.filter(({ out }) => 'person' in out)).toHaveLength(1);
      const claim = () => (three as Store).commit('claimTicket', { hash, resuming: true });
      expect((await claim()).out).toEqual({ refused: 'in_use' });
      await winner?.close();
      expect((await claim()).out).toEqual({ person: who, access: null });
      expect((await claim()).out).toEqual({ refused: 'in_use' });
      await (three as Store).commit('releaseTicket', { hash, unused: false });
      const other = winner === one ? two : one;
      const again = await Promise.all(
        [three, other].flatMap((store) =>
          Array.from({ length: 5 }, () => (store as Store).commit('claimTicket', { hash, resuming: true })),
        ),
      );
      expect(again.filter(({ out }) => 'person' in out)).toHaveLength(1);
    }));

  test('are not held up by a foreign transaction that stays open', () =>
    withStores(server.url, 2, async ([one, two], url) => {
      const foreign = new Client({ connectionString: url });
      await foreign.connect();
      try {
        await foreign.query('begin isolation level repeatable read');
        await foreign.query('select count(*) from belfry.events');
        await foreign.query("insert into belfry.logs (tenant) values ('other')");
        for (let i = 0; i < 20; i += 1) await publish((i % 2 === 0 ? one : two) as Store);
        await (one as Store).commit('retain', { maxAgeMs: -1_000, maxBytes: 1e9, limit: 100 });
        expect((await wholeLog(two as Store)).events.map((event) => event.n)).toEqual([20]);
        await foreign.query('commit');
      } finally {
        await foreign.end();
      }
    }));

  test('use a small, fixed number of connections, however much is asked at once', () =>
    withStores(server.url, 1, async ([store], url) => {
      const works = Array.from({ length: 300 }, (_, index) =>
        index % 3 === 0
          ? (store as Store).commit('publish', { tenant: `t${index % 50}`, drafts: [draft()] })
          : (store as Store).read('state', { reader: reader(`t${index % 50}`, 'ada'), limit: 50 }),
      );
      const heads = (store as Store).read('heads', { logs: [tenant] });
      await Promise.all([...works, heads]);
      const text =
        'select count(*)::int as number from pg_stat_activity where datname = current_database() and pid <> $1';
      const [{ number } = {}] = await sqlOn(url, text.replace('$1', 'pg_backend_pid()'));
      // As many as there was use for: where answers come quickly, states are read together by fewer.
      expect(number).toBeGreaterThan(1);
      expect(number).toBeLessThanOrEqual(10);
    }));

  test('answer pings though all connections are stuck', () =>
    withStores(server.url, 1, async ([store], url) => {
      await publish(store as Store);
      const foreign = new Client({ connectionString: url });
      await foreign.connect();
      await foreign.query('begin');
      await foreign.query('lock table belfry.events in access exclusive mode');
      const works = Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? (store as Store).read('locate', { log: tenant, n: 1 })
          : (store as Store).commit('publish', { tenant: `t${index}`, drafts: [draft()] }),
      );
      const since = performance.now();
      expect(await (store as Store).read('ping', {})).toBeNull();
      // Behind the others it would wait for 9 s, after which statements are given up.
      expect(performance.now() - since).toBeLessThan(5_000);
      await foreign.query('rollback');
      await foreign.end();
      await Promise.all(works);
    }));

  test('are told of new events though whole states are slow to come', () =>
    withStores(server.url, 1, async ([store], url) => {
      await publish(store as Store);
      const foreign = new Client({ connectionString: url });
      await foreign.connect();
      try {
        await foreign.query('begin; lock table belfry.marks in access exclusive mode');
        const state = () => (store as Store).read('state', { reader: reader(tenant, 'ada'), limit: 50 });
        const states = Promise.all(Array.from({ length: 30 }, state));
        const since = performance.now();
        const heads = await (store as Store).read('heads', { logs: [tenant] });
        expect(heads[0]?.head.n).toBe(1);
        expect(await (store as Store).read('locate', { log: tenant, n: 1 })).toMatchObject({ head: { n: 1 } });
        expect((await wholeLog(store as Store)).events).toHaveLength(1);
        expect(await (store as Store).read('outbox', { limit: 10, without: [] })).toEqual([]);
        // Behind the others it would wait for 9 s, after which statements are given up.
        expect(performance.now() - since).toBeLessThan(5_000);
        await foreign.query('rollback');
        await states;
      } finally {
        await foreign.end();
      }
    }));

  test('clean up one at a time: who finds another at it has nothing to do', () =>
    withStores(server.url, 2, async ([one, two], url) => {
      const drafts = Array.from({ length: 3 }, () => draft({ expiresAt: new Date(Date.now() - 1_000).toISOString() }));
      await (one as Store).commit('publish', { tenant, drafts });
      const foreign = new Client({ connectionString: url });
      await foreign.connect();
      await foreign.query('begin');
      await foreign.query('select from belfry.notifications for update');
      const expiring = (one as Store).commit('expire', { limit: 10 });
      while ((await sqlOn(url, "select from pg_stat_activity where wait_event_type = 'Lock'")).length === 0);
      expect((await (two as Store).commit('expire', { limit: 10 })).out.expired).toBe(0);
      await foreign.query('rollback');
      await foreign.end();
      expect((await expiring).out.expired).toBe(3);
    }));

  test('let clean-ups end what is held by those who were missed for a minute', () => {
    let turned = 0;
    const use = async ([one, two]: Store[], url: string) => {
      const hash = 'b'.repeat(64);
      const ticket = { hash, person: person(tenant, 'ada'), unusedMs: 30_000, expiresAt: null };
      await (one as Store).commit('issueTicket', ticket);
      await (one as Store).commit('claimTicket', { hash, resuming: false });
      const held = () => sqlOn(url, 'select ended_at from belfry.tickets where held <> 0');
      const sweep = () => (two as Store).commit('retain', { maxAgeMs: 1e12, maxBytes: 1e12, limit: 100 });
      await sweep();
      await one?.close();
      for (turned of [0, 59_000]) {
        await sweep();
        expect(await held()).toEqual([{ ended_at: null }]);
      }
      turned = 61_000;
      await sweep();
      expect(await held()).toEqual([]);
    };
    return withStores(server.url, 2, use, () => turned);
  });

  test('keep tenants apart: one that is held up by a stranger holds up no other', () =>
    withStores(server.url, 1, async ([store], url) => {
      await (store as Store).commit('publish', { tenant: 'stuck', drafts: [draft()] });
      const foreign = new Client({ connectionString: url });
      await foreign.connect();
      await foreign.query('begin');
      await foreign.query('lock table belfry.acks in exclusive mode');
      const stuck = (store as Store).commit('ack', { tenant: 'stuck', user: 'ada', device: 'd', n: 1 });
      for (let i = 0; i < 10; i += 1) expect((await publish(store as Store)).events).toHaveLength(1);
      await foreign.query('rollback');
      await foreign.end();
      await stuck;
    }));
});

function ignoreNotFound(error: { code?: string }): void {
  if (error.code !== 'not_found') throw error;
}

/** Does it while another has written this, and commits once it waits for that. */
async function whileWriting(url: string, text: string, work: () => Promise<unknown> | undefined): Promise<void> {
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query(`begin; ${text}`);
  const done = work();
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await vi.waitUntil(async () => (await sqlOn(url, waiting)).length > 0, { timeout: 20_000 });
  await other.query('commit');
  await other.end();
  await done;
}
