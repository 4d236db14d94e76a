import { draft, newTenant } from '@belfry/contract-tests/samples';
import { openPostgresStore } from '@belfry/drivers/postgres';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresDialect } from '../src/store/postgres/dialect.ts';
import { SESSION_SQL } from '../src/store/postgres/session.ts';
import {
  anyServer,
  dropDatabase,
  isMissing,
  makeDatabase,
  POSTGRES,
  type TestServer,
} from './support/postgres-server.ts';

const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

interface Step {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: Step[];
}

/** Rows of a table that a plan went through. */
function rowsOf(table: string, step: Step): number {
  const own = step['Relation Name'] === table ? step['Actual Rows'] * step['Actual Loops'] : 0;
  return (step.Plans ?? []).reduce((sum, below) => sum + rowsOf(table, below), own);
}

describe.skipIf(isMissing(POSTGRES))('plans of Postgres', () => {
  let server: TestServer;
  let url: string;
  let client: Client;
  beforeAll(async () => {
    server = await anyServer();
    url = await makeDatabase(server.url);
    const store = await openPostgresStore({ url });
    await store.commit('publish', { tenant: newTenant(), drafts: [draft()] });
    await store.close();
    client = new Client({ connectionString: url });
    await client.connect();
    await client.query(SESSION_SQL);
  });
  afterAll(async () => {
    await client?.end();
    await dropDatabase(server.url, url);
    await server?.dispose();
  });

  test('what is looked up is found by its key, also by a plan from before there was anything', async () => {
    const people = postgresDialect.texts(['p7', 'p8']);
    const lookUp = postgresDialect.lookUp('people', 'p', sql`p.log = ${1} and p.person = t.value`);
    const { sql: text } = sql`select p.person from ${people} ${lookUp}`.compile(compiler);
    await client.query('alter table people set (autovacuum_enabled = off)');
    await client.query('set plan_cache_mode = force_generic_plan');
    await client.query(`prepare looked_up (text[], int) as ${text}`);
    const { rows: logs } = await client.query('select min(id) as id from logs');
    const asked = `execute looked_up ('{p7,p8}', ${logs[0].id})`;
    await client.query(asked);
    await client.query(
      `insert into people (log, person, sent_n, scope) select $1::int, 'p' || n, 0, '' from generate_series(1, 5000) n`,
      [logs[0].id],
    );
    const { rows } = await client.query(`explain (analyze, format json) ${asked}`);
    expect(rowsOf('people', rows[0]['QUERY PLAN'][0].Plan)).toBe(2);
  });
});
