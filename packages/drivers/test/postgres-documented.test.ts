import { readFile } from 'node:fs/promises';
import type { LogEvent } from '@belfry/core';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMissing, POSTGRES, sqlOn } from './support/postgres-server.ts';
import { openSqlBench, type SqlBench } from './support/sql-processes.ts';

// For scripts that look what a test file needs: startPostgres.
describe.skipIf(isMissing(POSTGRES))('the SQL in docs/postgres.md', () => {
  let bench: SqlBench;
  let app: Client;
  // Accounts are the whole server's, which others test on too.
  const account = `app_${crypto.randomUUID().slice(0, 8)}`;

  beforeAll(async () => {
    bench = await openSqlBench();
    await sqlOn(bench.url, `create role ${account} login; create schema ${account} authorization ${account}`);
    await sqlOn(bench.url, `grant usage on schema belfry to ${account}`);
    app = await signedIn(bench.url, account);
    await app.query('create table tasks (id integer generated always as identity, title text, assignee text)');
    await app.query(`create table jobs (id integer generated always as identity, owner text, kind text, title text,
      status text default 'queued', note text)`);
    for (const block of await documented()) await app.query(block);
  });
  afterAll(async () => {
    await app.end();
    await sqlOn(bench.url, `drop owned by ${account}; drop role ${account}`);
    await bench.close();
  });

  test('runs as an account that may use the schema and nothing else', async () => {
    const types = (await bench.logOf('default')).map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining(['notification.created', 'task.moved', 'question.opened', 'run.created']),
    );
  });

  test('tells whom a task is given to, and fails no write where that can tell nobody', async () => {
    const before = (await bench.logOf('default')).length;
    await app.query(
      `insert into tasks (title, assignee) values ('Paint it', 'ada'), ('', 'ada'), ('Sell it', 'no name')`,
    );
    await app.query(`update tasks set title = 'Paint it red', assignee = 'ben' where title = 'Paint it'`);
    expect((await bench.logOf('default')).slice(before).map(toAndTitle)).toEqual([
      ['user:ada', 'Paint it'],
      ['user:ben', 'Paint it red'],
    ]);
    expect((await app.query('select from tasks')).rowCount).toBe(3);
  });

  test.each([
    `insert into tasks (title, assignee) values ('', 'ada')`,
    `insert into jobs (owner, kind, title) values ('ada', 'export', 'Export'); update jobs set status = 'running'`,
  ])('loosens nothing of what comes after in the same transaction: %s', async (write) => {
    await app.query(`begin; ${write}`);
    await expect(app.query(`select belfry.notify('default', 'nobody', 'x', 'Hi')`)).rejects.toThrow('belfry: ');
    await app.query('rollback');
  });

  test('moves the run of a job with it', async () => {
    await app.query(`insert into jobs (owner, kind, title) values ('ada', 'export', 'Export')`);
    await app.query(`update jobs set status = 'running'`);
    await app.query(`update jobs set status = 'succeeded', note = 'Done'`);
    const types = (await bench.logOf('default')).map(({ type }) => type);
    expect(types.slice(-3)).toEqual(['run.created', 'run.updated', 'run.finished']);
  });
});

/** A session of an account that was just made, in the schema of its own. */
async function signedIn(url: string, account: string): Promise<Client> {
  const address = new URL(url);
  address.username = account;
  const client = new Client({ connectionString: address.href });
  await client.connect();
  return client;
}

async function documented(): Promise<string[]> {
  const text = await readFile(new URL('../../../docs/postgres.md', import.meta.url), 'utf8');
  return [...text.matchAll(/^```sql\n(.*?)^```/gms)].map(([, block]) => block!);
}

function toAndTitle({ to, data }: LogEvent): unknown[] {
  return [to[0], (JSON.parse(data) as { notification: { title: string } }).notification.title];
}
