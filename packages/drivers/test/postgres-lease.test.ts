import { setTimeout as sleep } from 'node:timers/promises';
import { TcpProxy } from '@belfry/contract-tests/faults';
import { draft, person } from '@belfry/contract-tests/samples';
import { type Service, startPostgres } from '@belfry/contract-tests/services';
import type { Store } from '@belfry/core';
import { openPostgresStore, type PostgresOptions } from '@belfry/drivers/postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Connection } from '../src/store/postgres/connection.ts';
import { loadPg } from '../src/store/postgres/load-pg.ts';
import { LOCKS } from '../src/store/postgres/locks.ts';
import { Pool } from '../src/store/postgres/pool.ts';
import { StatementNames } from '../src/store/postgres/statement-names.ts';
import { isMissing, makeDatabase, POSTGRES, sqlOn } from './support/postgres-server.ts';

describe.skipIf(isMissing(POSTGRES))('the lease of a process on Postgres', () => {
  let server: Service;
  let proxy: TcpProxy;
  beforeAll(async () => {
    server = await startPostgres();
    proxy = await TcpProxy.start({ port: server.port });
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.dispose();
  });

  const tenant = 'acme';
  const opened = new Set<Store>();

  async function open(url: string, options: Omit<PostgresOptions, 'url'> = {}): Promise<Store> {
    const store = await openPostgresStore({ url, ...options });
    opened.add(store);
    return store;
  }

  /** One database, its own address and the one through the proxy. */
  async function inDatabase(use: (url: string, proxied: string) => Promise<void>): Promise<void> {
    const url = await makeDatabase(server.url);
    const proxied = new URL(url);
    proxied.port = String(proxy.port);
    try {
      await use(url, proxied.href);
    } finally {
      proxy.heal();
      await Promise.all([...opened].map((store) => store.close()));
      opened.clear();
    }
  }

  /** The sessions that have a lock of this kind for themselves. */
  const holders = (url: string, kind: number) =>
    sqlOn(
      url,
      `select l.pid, l.objid::int as id, a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
       where l.locktype = 'advisory' and l.classid = $1 and l.mode = 'ExclusiveLock' and l.granted
         and a.datname = current_database()`,
      [kind],
    );

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds().catch(() => false))) await sleep(20);
  }

  const hash = 'c'.repeat(64);
  const sweep = (store: Store) => store.commit('retain', { maxAgeMs: 1e12, maxBytes: 1e12, limit: 100 });
  const claim = async (store: Store, resuming: boolean) =>
    (await store.commit('claimTicket', { hash, resuming })).out as object;

  async function holdTicket(store: Store): Promise<void> {
    const ticket = { hash, person: person(tenant, 'ada'), unusedMs: 30_000, expiresAt: null };
    await store.commit('issueTicket', ticket);
    expect(await claim(store, false)).toHaveProperty('person');
  }

  test('is taken from its own former session, and pings are answered before that', () =>
    inDatabase(async (url) => {
      const store = await open(url);
      const [first] = await holders(url, LOCKS.process);
      const former = new Client({ connectionString: url });
      const ended = new Promise((resolve) => former.on('error', resolve));
      await former.connect();
      // As a session would whose client is gone without a goodbye: it has the number, and nothing ends it.
      const waiting = former.query('select pg_advisory_lock($1, $2)', [LOCKS.process, first?.id]);
      await sqlOn(url, 'select pg_terminate_backend($1)', [first?.pid]);
      await waiting;
      await until(async () => (await store.read('ping', {})) === null);
      await ended;
      await until(async () =>
        (await holders(url, LOCKS.process)).some(({ id, name }) => id === first?.id && name === 'belfry'),
      );
    }));

  test('tells the server to notice within seconds who is gone', () =>
    inDatabase(async (url) => {
      const shared = { names: new StatementNames(), onAnswer: () => {} };
      const connection = await Connection.open(await loadPg(), url, shared);
      const names = ['tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count', 'tcp_user_timeout'];
      const { rows } = await connection.query(`select ${names.map((name) => `current_setting('${name}') as ${name}`)}`);
      await connection.close();
      expect(rows).toEqual([
        {
          tcp_keepalives_idle: '5',
          tcp_keepalives_interval: '2',
          tcp_keepalives_count: '3',
          tcp_user_timeout: '11000',
        },
      ]);
    }));

  test('outlives a server that is slow to answer pings', () =>
    inDatabase(async (url, proxied) => {
      const store = await open(proxied);
      const [before] = await holders(url, LOCKS.process);
      proxy.stall();
      await expect(store.read('ping', {})).rejects.toMatchObject({ code: 'unavailable' });
      proxy.heal();
      expect(await store.read('ping', {})).toBeNull();
      expect(await holders(url, LOCKS.process)).toEqual([before]);
    }));

  test('leaves nothing behind where its lock is refused', () =>
    inDatabase(async (url) => {
      const guest = `guest_${process.pid}`;
      const lock = 'function pg_try_advisory_lock(int, int)';
      await sqlOn(url, `create role ${guest} login; create schema belfry authorization ${guest}`);
      await sqlOn(url, `revoke execute on ${lock} from public`);
      const address = new URL(url);
      address.username = guest;
      await expect(openPostgresStore({ url: address.href, company: 'many' })).rejects.toThrow();
      await sqlOn(url, `grant execute on ${lock} to public`);
      expect(await sqlOn(url, `select from pg_stat_activity where usename = '${guest}'`)).toEqual([]);
      await open(address.href, { company: 'alone' });
    }));

  test('is alone on its database again when a newcomer, who came while it was cut off, has gone', () =>
    inDatabase(async (url, proxied) => {
      const store = await open(proxied, { company: 'alone' });
      proxy.refuse();
      proxy.cut();
      const newcomer = await open(url, { company: 'alone' });
      proxy.heal();
      await until(async () => (await store.read('ping', {})) === null);
      await newcomer.close();
      await until(async () => (await holders(url, LOCKS.company)).length === 1);
      await expect(openPostgresStore({ url, company: 'alone' })).rejects.toThrow(/BELFRY_BUS/);
    }));

  test('keeps the tickets of its streams through a restart of the server, whoever cleans up meanwhile', () =>
    inDatabase(async (url, proxied) => {
      let turned = 0;
      const one = await open(proxied);
      const two = await open(url, { skew: () => turned });
      await holdTicket(one);
      const held = async () => (await sqlOn(url, 'select held, ended_at from belfry.tickets'))[0];
      const before = await held();
      proxy.refuse();
      proxy.cut();
      await server.stop('SIGINT');
      await server.start();
      await until(() => sweep(two).then(() => true));
      expect(await sqlOn(url, 'select process as held from belfry.absences')).toEqual([{ held: before?.held }]);
      proxy.heal();
      await until(async () => (await holders(url, LOCKS.process)).some((holder) => holder.id === before?.held));
      await until(async () => (await sqlOn(url, 'select from belfry.absences')).length === 0);
      turned = 120_000;
      await sweep(two);
      expect(await held()).toEqual(before);
      expect(await claim(two, true)).toEqual({ refused: 'in_use' });
      turned = 0;
      await until(() => one.commit('releaseTicket', { hash, unused: false }).then(() => true));
      expect(await claim(two, true)).toHaveProperty('person');
    }));

  test('lets the tickets of a killed process be used at once, and ends them after a minute without', () =>
    inDatabase(async (url, proxied) => {
      let turned = 0;
      const one = await open(proxied);
      const two = await open(url, { skew: () => turned });
      await holdTicket(one);
      proxy.refuse();
      proxy.cut();
      await until(async () => (await holders(url, LOCKS.process)).length === 1);
      await sweep(two);
      expect(await claim(two, true)).toHaveProperty('person');
      await two.close();
      const three = await open(url, { skew: () => turned });
      await sweep(three);
      turned = 61_000;
      await sweep(three);
      expect(await claim(three, true)).toHaveProperty('refused');
      expect(await sqlOn(url, 'select from belfry.absences')).toEqual([]);
    }));

  test('is closed within seconds while a connection is being opened, and leaves none', { retry: 2 }, () =>
    inDatabase(async (_, proxied) => {
      const shared = { names: new StatementNames(), onAnswer: () => {} };
      const pg = await loadPg();
      let openings = 0;
      const pool = new Pool((signal) => {
        openings += 1;
        return Connection.open(pg, proxied, shared, signal).finally(() => (openings -= 1));
      }, 2);
      proxy.stall();
      const used = expect(pool.use((connection) => connection.query('select 1'))).rejects.toMatchObject({
        code: 'unavailable',
      });
      await until(async () => proxy.open > 0);
      const since = performance.now();
      await pool.close();
      // By itself it would give up after 2 s.
      expect(performance.now() - since).toBeLessThan(1_500);
      expect(openings).toBe(0);
      await used;
    }),
  );

  test('is closed while it is being taken again', { retry: 2 }, () =>
    inDatabase(async (url, proxied) => {
      const store = await open(proxied);
      await store.commit('publish', { tenant, drafts: [draft()] });
      proxy.stall();
      await sqlOn(url, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'belfry'`);
      proxy.cut();
      const tries = proxy.accepted;
      await until(async () => proxy.accepted > tries);
      const since = performance.now();
      await store.close();
      expect(performance.now() - since).toBeLessThan(1_500);
    }),
  );
});
