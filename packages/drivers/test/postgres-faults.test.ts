import { setTimeout as sleep } from 'node:timers/promises';
import { draft, person } from '@belfry/contract-tests/samples';
import { type Service, startPostgres } from '@belfry/contract-tests/services';
import type { Store } from '@belfry/core';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { EVERYTHING } from '@belfry/protocol';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { translated } from '../src/store/postgres/failures.ts';
import { isMissing, makeDatabase, POSTGRES, sqlOn } from './support/postgres-server.ts';
import { startProxy } from './support/tcp-proxy.ts';

describe.skipIf(isMissing(POSTGRES))('a Postgres that fails', () => {
  let server: Service;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.dispose());

  const tenant = 'acme';
  const away = { name: 'BelfryError', code: 'unavailable', retryAfter: expect.any(Number) };
  const publish = (store: Store, key?: string, over = {}) =>
    store.commit('publish', { tenant, drafts: [draft(over)] }, ...(key ? [{ key, fingerprint: 'f' }] : []));
  /** What looks for something first is no single statement. */
  const inSteps = { dedupeKey: 'build' };
  const wholeLog = async (store: Store) => {
    const input = { log: tenant, after: 0, upTo: 1e9, grants: EVERYTHING, limit: 1e6, maxBytes: 1e12 };
    return (await store.read('readLog', input)).events;
  };

  async function withStore(use: (store: Store, url: string) => Promise<void>, port = server.port): Promise<void> {
    const url = new URL(await makeDatabase(server.url));
    url.port = String(port);
    const store = await openPostgresStore({ url: url.href });
    try {
      await use(store, url.href);
    } finally {
      await store.close();
    }
  }

  /** Again until it works, as a caller would that was told when to come back. */
  async function untilDone<Result>(work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        expect(error).toMatchObject(away);
        await sleep(5);
      }
    }
  }

  /** What is under way when sessions are ended may hear of that first. */
  async function untilRefused(store: Store, message: RegExp): Promise<void> {
    for (;;) {
      const error = await publish(store).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject(away);
      if (message.test((error as Error).message)) return;
      await sleep(5);
    }
  }

  /** Writers that repeat with their key until they are told it is kept, each times and until it is enough; says each key's number. */
  async function write(
    store: Store,
    writers: number,
    each: number,
    isEnough = () => true,
  ): Promise<Map<string, number>> {
    const numbers = new Map<string, number>();
    const writer = async (name: number) => {
      for (let i = 0; i < each || !isEnough(); i += 1) {
        const key = `${name}/${i}`;
        const { out } = await untilDone(() => publish(store, key));
        numbers.set(key, Number(out.notifications[0]?.cursor.split('-')[1]));
      }
    };
    await Promise.all(Array.from({ length: writers }, (_, name) => writer(name)));
    return numbers;
  }

  test('whose sessions are ended again and again loses nothing and doubles nothing', () =>
    withStore(async (store, url) => {
      const admin = new Client({ connectionString: url });
      await admin.connect();
      let done = false;
      let ended = 0;
      const kill = async () => {
        while (!done) {
          const { rowCount } = await admin.query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where application_name = 'belfry' and datname = current_database() and random() < 0.5`,
          );
          ended += rowCount ?? 0;
          await sleep(15);
        }
      };
      const killing = kill();
      const numbers = await write(store, 8, 40, () => ended > 10);
      done = true;
      await killing;
      await admin.end();
      const events = await untilDone(() => wholeLog(store));
      expect(events.map((event) => event.n)).toEqual(Array.from({ length: numbers.size }, (_, index) => index + 1));
      expect([...numbers.values()].sort((a, b) => a - b)).toEqual(events.map((event) => event.n));
    }));

  test('whose tables are gone, as while a backup is restored, is waited for', () =>
    withStore(async (store, url) => {
      await publish(store, 'before');
      await sqlOn(url, 'alter schema belfry rename to elsewhere');
      const gone = { ...away, message: expect.stringMatching(/^The schema belfry lacks .*restore/) };
      await expect(publish(store, 'meanwhile')).rejects.toMatchObject(gone);
      await expect(wholeLog(store)).rejects.toMatchObject(gone);
      await sqlOn(url, 'alter schema elsewhere rename to belfry');
      await untilDone(() => publish(store, 'meanwhile'));
      expect(await wholeLog(store)).toHaveLength(2);
    }));

  test('that lets our account in no more is waited for', () =>
    withStore(async (_, url) => {
      await sqlOn(server.url, 'create role guest superuser login');
      const address = new URL(url);
      address.username = 'guest';
      const store = await openPostgresStore({ url: address.href });
      await sqlOn(server.url, 'alter role guest nologin');
      await sqlOn(server.url, `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'guest'`);
      await untilRefused(store, /^The database does not let .* pg_hba/);
      await sqlOn(server.url, 'alter role guest login');
      await untilDone(() => publish(store));
      await store.close();
    }));

  test('that has our database no more is waited for', () =>
    withStore(async (store, url) => {
      const name = new URL(url).pathname.slice(1);
      const sql = (text: string) => sqlOn(server.url, text);
      const ended = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
      await sql(`alter database ${name} allow_connections false`);
      await sql(ended);
      await sql(`alter database ${name} rename to ${name}_away`);
      await untilRefused(store, /^The database is not there/);
      await sql(`alter database ${name}_away rename to ${name}`);
      await sql(`alter database ${name} allow_connections true`);
      await untilDone(() => publish(store));
    }));

  test.each([
    ['set search_path = pg_catalog; select * from open_log(1, 2)', 'unavailable', /restore/],
    ['select no_such_function(1)', 'internal', /could not/],
    [`select 'a'::text = 1`, 'internal', /could not/],
  ])(
    'that lacks a function is waited for where that belongs to the schema, and else it is a mistake of ours: %s',
    (text, code, message) =>
      withStore(async (_, url) => {
        const failed = await sqlOn(url, text).catch((error: unknown) => error);
        expect(translated(failed)).toMatchObject({ code, message: expect.stringMatching(message) });
      }),
  );

  test('that ends a session before its COMMIT was sent is asked again, and the caller sees nothing of it', () =>
    withStore(async (store, url) => {
      await publish(store);
      const foreign = new Client({ connectionString: url });
      await foreign.connect();
      await foreign.query('begin; lock table belfry.logs, belfry.events in access exclusive mode');
      const works = [publish(store, undefined, inSteps), store.read('locate', { log: tenant, n: 1 })];
      const waiting = "from pg_stat_activity where application_name = 'belfry' and wait_event_type = 'Lock'";
      while ((await sqlOn(url, `select ${waiting}`)).length !== 2);
      await sqlOn(url, `select pg_terminate_backend(pid) ${waiting}`);
      await foreign.query('rollback');
      await foreign.end();
      await Promise.all(works);
      expect(await wholeLog(store)).toHaveLength(2);
    }));

  test.each(['SIGINT', 'SIGQUIT'] as const)(
    'that restarts (%s) is told of at once, and found again by itself',
    (signal) =>
      withStore(async (store) => {
        await publish(store);
        const writing = write(store, 4, 60);
        await sleep(30);
        await server.stop(signal);
        const since = performance.now();
        await expect(publish(store)).rejects.toMatchObject(away);
        await expect(store.read('locate', { log: tenant, n: 1 })).rejects.toMatchObject(away);
        await expect(store.read('ping', {})).rejects.toMatchObject(away);
        expect(performance.now() - since).toBeLessThan(5_000);
        await server.start();
        await untilDone(() => store.read('ping', {}));
        const numbers = await writing;
        const events = await wholeLog(store);
        expect(events.map((event) => event.n)).toEqual(Array.from({ length: 241 }, (_, index) => index + 1));
        expect(new Set(numbers.values()).size).toBe(240);
      }),
  );

  test.each([
    ['a COMMIT', 'commit\0', 'COMMIT\0', inSteps],
    ['a group that is one statement', 'hold_log', 'SELECT 1\0', {}],
  ])('whose answer to %s is lost leaves the outcome open, and the key finds it', async (_, sent, done, over) => {
    const proxy = await startProxy(server.port);
    try {
      await withStore(async (store) => {
        await publish(store);
        proxy.onSent = (chunk, passage) => {
          if (!chunk.includes(sent)) return false;
          proxy.onSent = () => false;
          // All that it does is done before it is cut off.
          proxy.onAnswered = (answer, answered) => {
            if (answered !== passage) return false;
            if (answer.includes(done)) passage.client.destroy();
            return true;
          };
          return false;
        };
        await expect(publish(store, 'k', over)).rejects.toMatchObject({
          ...away,
          message: expect.stringMatching(/may or may not have been kept.*Idempotency-Key/),
        });
        proxy.onAnswered = () => false;
        expect((await untilDone(() => publish(store, 'k', over))).replayed).toBe(true);
        expect(await wholeLog(store)).toHaveLength(2);
      }, proxy.port);
    } finally {
      await proxy.close();
    }
  });

  test('lets no process that hangs in a transaction hold up the others for long', async () => {
    const proxy = await startProxy(server.port);
    try {
      await withStore(async (hanging, url) => {
        const address = new URL(url);
        address.port = String(server.port);
        const other = await openPostgresStore({ url: address.href });
        try {
          await publish(hanging);
          // It has the log's lock, and what it says next does not arrive.
          const stuck = new Promise<void>((resolve) => {
            proxy.onSent = (chunk) => {
              if (!chunk.includes('commit\0')) return false;
              resolve();
              return true;
            };
          });
          const lost = expect(publish(hanging, undefined, inSteps)).rejects.toMatchObject(away);
          await stuck;
          const { events } = await publish(other);
          expect(events[0]?.n).toBe(2);
          await lost;
        } finally {
          await other.close();
        }
        proxy.onSent = () => false;
      }, proxy.port);
    } finally {
      await proxy.close();
    }
  });

  test('that stands still is told of by ping, and does not hold up a close', async () => {
    const proxy = await startProxy(server.port);
    try {
      await withStore(async (store) => {
        await publish(store);
        proxy.onSent = () => true;
        const since = performance.now();
        const works = [publish(store), store.read('locate', { log: tenant, n: 1 })];
        const stuck = Promise.all(works.map((work) => expect(work).rejects.toMatchObject(away)));
        await expect(store.read('ping', {})).rejects.toMatchObject(away);
        expect(performance.now() - since).toBeLessThan(5_000);
        await store.close();
        expect(performance.now() - since).toBeLessThan(8_500);
        await stuck;
      }, proxy.port);
    } finally {
      await proxy.close();
    }
  });

  test('whose disk is full says so, serves reads, and is not ready until it takes them again', () =>
    withStore(async (store, url) => {
      await publish(store);
      const deny = `create function public.deny() returns trigger language plpgsql as
        $$ begin raise 'could not extend file' using errcode = '53100'; end $$`;
      await sqlOn(
        url,
        `${deny};
        create trigger deny before insert on belfry.events for each statement execute function public.deny();
        create trigger deny before insert on belfry.tickets for each statement execute function public.deny();
        create trigger deny before insert on belfry.meta for each statement execute function public.deny()`,
      );
      await expect(publish(store)).rejects.toMatchObject({ ...away, message: expect.stringMatching(/disk.*full/) });
      expect(await wholeLog(store)).toHaveLength(1);
      await expect(store.read('ping', {})).rejects.toMatchObject({ ...away, message: expect.stringMatching(/disk/) });
      // What finds nothing to do says nothing of the disk.
      await store.commit('expire', { limit: 10 });
      await expect(store.read('ping', {})).rejects.toMatchObject(away);
      await sqlOn(url, 'drop trigger deny on belfry.meta');
      expect(await store.read('ping', {})).toBeNull();
      await sqlOn(
        url,
        'create trigger deny before insert on belfry.meta for each statement execute function public.deny()',
      );
      const ticket = { hash: 'd'.repeat(64), person: person(tenant, 'ada'), unusedMs: 0, expiresAt: null };
      await expect(store.commit('issueTicket', ticket)).rejects.toMatchObject(away);
      await expect(store.read('ping', {})).rejects.toMatchObject(away);
      await sqlOn(url, `drop trigger deny on belfry.events; drop trigger deny on belfry.meta`);
      expect(await store.read('ping', {})).toBeNull();
      expect((await publish(store)).events[0]?.n).toBe(2);
    }));
});
