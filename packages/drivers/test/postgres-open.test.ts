import { setTimeout as sleep } from 'node:timers/promises';
import { draft } from '@belfry/contract-tests/samples';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { BelfryError } from '@belfry/protocol';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCKS } from '../src/store/postgres/locks.ts';
import { MIGRATIONS } from '../src/store/postgres/migrations.ts';
import { SILENCE_MS } from '../src/store/postgres/session.ts';
import { dropDatabase, isMissing, makeDatabase, POSTGRES, sqlOn } from './support/postgres-server.ts';
import { type ProtectedServer, startProtectedServer } from './support/protected-postgres.ts';
import { startRewriting } from './support/rewriting.ts';

describe.skipIf(isMissing(POSTGRES))('opening a Postgres database', () => {
  let server: ProtectedServer;
  beforeAll(async () => {
    server = await startProtectedServer();
  });
  afterAll(() => server?.dispose());

  async function inDatabase(use: (url: string) => Promise<void>, options?: string): Promise<void> {
    const url = await makeDatabase(server.url, options);
    try {
      await use(url);
    } finally {
      await dropDatabase(server.url, url);
    }
  }

  const as = (url: string, account: string, password = account) => {
    const address = new URL(url);
    address.username = account;
    address.password = password;
    return address.href;
  };

  /** One sentence or two, with no secret in it. */
  async function refusal(url: string): Promise<string> {
    const error = await openPostgresStore({ url }).then(
      (store) => store.close(),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(BelfryError);
    const { code, message } = error as BelfryError;
    expect(code).toBe('unavailable');
    expect(message).not.toMatch(/hunter2/);
    expect(message).not.toContain(url);
    return message;
  }

  test('makes its own schema and nothing beside it, and finds it again', () =>
    inDatabase(async (url) => {
      const store = await openPostgresStore({ url });
      await store.close();
      const again = await openPostgresStore({ url });
      expect(again.epoch).toBe(store.epoch);
      await again.close();
      const schemas = await sqlOn(url, "select distinct schemaname from pg_tables where schemaname !~ '^(pg_|inform)'");
      expect(schemas).toEqual([{ schemaname: 'belfry' }]);
    }));

  test('is safe where many processes start at once on an empty database', () =>
    inDatabase(async (url) => {
      const stores = await Promise.all(Array.from({ length: 8 }, () => openPostgresStore({ url })));
      expect(new Set(stores.map((store) => store.epoch)).size).toBe(1);
      await Promise.all(stores.map((store) => store.commit('publish', { tenant: 'acme', drafts: [draft()] })));
      await Promise.all(stores.map((store) => store.close()));
      const schema = await sqlOn(url, "select value from belfry.meta where key = 'schema'");
      expect(schema).toEqual([{ value: String(MIGRATIONS.length) }]);
    }));

  test('refuses what a newer Belfry has written, and leaves it alone', () =>
    inDatabase(async (url) => {
      await (await openPostgresStore({ url })).close();
      await sqlOn(url, "update belfry.meta set value = '999' where key = 'schema'");
      expect(await refusal(url)).toMatch(/written by a newer Belfry \(its schema is 999.*Start that version/s);
      expect(await sqlOn(url, "select value from belfry.meta where key = 'schema'")).toEqual([{ value: '999' }]);
    }));

  test('refuses a server that is too old', () =>
    inDatabase(async (url) => {
      const [{ version } = {}] = await sqlOn(url, "select current_setting('server_version_num') as version");
      const older = await startRewriting(url, String(version), '130014');
      expect(await refusal(older.url)).toMatch(/needs Postgres 14 or newer; this is 13\. Use a newer server/);
      older.close();
    }));

  test('refuses a database that is not in UTF-8', () =>
    inDatabase(async (url) => {
      expect(await refusal(url)).toMatch(/stores text as LATIN1.*createdb --encoding=UTF8/s);
    }, "encoding 'LATIN1' locale 'C' template template0"));

  test('says which right is missing, and needs no more than that', () =>
    inDatabase(async (url) => {
      const guest = as(url, 'guest', 'hunter2');
      expect(await refusal(guest)).toMatch(/guest may not make the schema.*create schema belfry authorization guest;/s);
      await sqlOn(url, 'create schema belfry authorization guest');
      const store = await openPostgresStore({ url: guest });
      await store.commit('publish', { tenant: 'acme', drafts: [draft()] });
      await store.close();
      const other = as(url, 'other', 'hunter2');
      expect(await refusal(other)).toMatch(/other may not use the schema belfry.*grant usage, create on schema/s);
      await sqlOn(url, 'grant usage on schema belfry to other');
      const advice = await refusal(other);
      expect(advice).toMatch(/other may not use the schema belfry.*grant all on all tables/s);
      await sqlOn(url, advice.slice(advice.indexOf('grant usage')));
      const granted = await openPostgresStore({ url: other });
      await granted.commit('publish', { tenant: 'acme', drafts: [draft()] });
      await granted.commit('retain', { maxAgeMs: 1e12, maxBytes: 1e12, limit: 100 });
      await granted.close();
      expect(
        await sqlOn(other, `select belfry.notify('acme', 'user:ada', 'x', 'Granted') is not null as told`),
      ).toEqual([{ told: true }]);
    }));

  test('waits for another process that is bringing the tables up to date for as long as that is at it', () =>
    inDatabase(async (url) => {
      const other = new Client({ connectionString: url });
      await other.connect();
      await other.query('select pg_advisory_lock($1, 0)', [LOCKS.migration]);
      const opening = openPostgresStore({ url });
      let isOpen = false;
      void opening.then(() => {
        isOpen = true;
      });
      // Longer than any other silence is borne.
      await sleep(SILENCE_MS + 1_000);
      expect(isOpen).toBe(false);
      await other.end();
      await (await opening).close();
    }));

  test('needs no word of the driver about the modes of encryption', () =>
    inDatabase(async (url) => {
      const warnings: unknown[] = [];
      const note = (warning: unknown) => void warnings.push(warning);
      process.on('warning', note);
      expect(await refusal(`${url}?sslmode=require`)).toMatch(/No encrypted connection.*sslmode.*no-verify/);
      await sleep(0);
      process.off('warning', note);
      expect(warnings).toEqual([]);
    }));

  test('says what is wrong with the address', () =>
    inDatabase(async (url) => {
      expect(await refusal(as(url, 'guest', 'hunter2x'))).toMatch(
        /refused the password of guest.*DATABASE_URL.*percent-encoded/,
      );
      expect(await refusal(as(url, 'nobody', 'hunter2'))).toMatch(/refused the password of nobody/);
      const elsewhere = new URL(as(url, 'guest', 'hunter2'));
      elsewhere.pathname = '/nowhere';
      expect(await refusal(elsewhere.href)).toMatch(/has no database nowhere.*createdb nowhere/);
      elsewhere.port = '1';
      expect(await refusal(elsewhere.href)).toMatch(/No Postgres answers at 127\.0\.0\.1:1\. Start it/);
      expect(await refusal(as(url, 'guest', ''))).toMatch(/asks for a password/);
      expect(await refusal('mysql://guest:hunter2@127.0.0.1/x')).toMatch(/is no address.*postgres:\/\//);
      expect(await refusal('hunter2')).toMatch(/is no address/);
      for (const password of ['12/hunter2', '12#hunter2', '12?hunter2', 'a/hunter2']) {
        expect(await refusal(`postgres://guest:${password}@127.0.0.1/x`)).toMatch(/is no address.*percent-encoded/);
      }
    }));

  test('says how an account may write again that by default may not', () =>
    inDatabase(async (url) => {
      const name = new URL(url).pathname.slice(1);
      await sqlOn(server.url, `alter database ${name} set default_transaction_read_only = on`);
      const [, mend] = (await refusal(url)).match(/may write nothing.* run: (alter role .*);$/)!;
      await sqlOn(server.url, mend!);
      await (await openPostgresStore({ url })).close();
    }));

  test('has commits on disk before they are answered, whatever the server’s default', () =>
    inDatabase(async (url) => {
      expect(await seenByAWrite(url, 'synchronous_commit', 'off')).toBe('on');
    }));

  test('lets no limit of the account end a wait for a log’s lock, or the sessions that hold locks', () =>
    inDatabase(async (url) => {
      expect(await seenByAWrite(url, 'lock_timeout', '50ms')).toBe('0');
      expect(await seenByAWrite(url, 'idle_session_timeout', '60s')).toBe('0');
    }));

  /** What a session of ours that writes has for a setting, where the database says otherwise: a trigger sees it. */
  async function seenByAWrite(url: string, setting: string, value: string): Promise<unknown> {
    await sqlOn(url, `alter database ${new URL(url).pathname.slice(1)} set ${setting} = '${value}'`);
    const store = await openPostgresStore({ url });
    await sqlOn(url, `create table public.seen_${setting} (value text)`);
    await sqlOn(
      url,
      `create function public.note_${setting}() returns trigger language plpgsql as $$
        begin insert into public.seen_${setting} values (current_setting('${setting}')); return null; end $$`,
    );
    const trigger = `create trigger ${setting} after insert on belfry.events`;
    await sqlOn(url, `${trigger} execute function public.note_${setting}()`);
    await store.commit('publish', { tenant: 'acme', drafts: [draft()] });
    await store.close();
    return (await sqlOn(url, `select value from public.seen_${setting}`))[0]?.value;
  }
});
