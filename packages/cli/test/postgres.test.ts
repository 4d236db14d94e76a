import { StreamReader } from '@belfry/contract-tests/http';
import {
  anyService,
  isMissing,
  NATS,
  POSTGRES,
  REDIS,
  type Service,
  startNats,
  startPostgres,
  startRedis,
} from '@belfry/contract-tests/services';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { API_KEY, belfry, type Ended, JWT_SECRET, serve } from './support/run.ts';

const AUTH = { BELFRY_API_KEY: API_KEY, BELFRY_PORT: '0' };

interface Created {
  notification: { title: string };
}

/** One line on stderr, exit code 1, nothing on stdout, and no password anywhere. */
function expectOneSentence(ended: Ended, what: RegExp): void {
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(/^belfry: [^\n]+\n$/);
  expect(ended.stderr).toMatch(what);
  expect(ended.stderr).not.toContain('hunter2');
}

describe.skipIf([POSTGRES, REDIS, NATS].some(isMissing))('belfry serve on Postgres', { timeout: 60_000 }, () => {
  const folder = temporaryFolder();
  let postgres: Pick<Service, 'url' | 'dispose'>;
  let redis: Service;
  let nats: Service;
  let made = 0;

  beforeAll(async () => {
    postgres = await anyService(POSTGRES, () => startPostgres());
    redis = await startRedis(['--requirepass', 'right']);
    nats = await startNats(['--user', 'me', '--pass', 'right']);
  });
  afterAll(async () => {
    await Promise.all([redis, nats].map((one) => one?.dispose()));
    await postgres?.dispose();
  });

  async function query(url: string, text: string): Promise<void> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(text).finally(() => client.end());
  }

  async function newDatabase(): Promise<string> {
    const name = `belfry_cli_${process.pid}_${++made}`;
    await query(postgres.url, `create database ${name}`);
    return Object.assign(new URL(postgres.url), { pathname: `/${name}` }).href;
  }

  const refused = (env: Record<string, string>) => belfry(['serve'], { cwd: folder.path, env: { ...AUTH, ...env } });

  async function tokenOf(user: string): Promise<string> {
    const { stdout } = await belfry(['token', user], { cwd: folder.path, env: { BELFRY_JWT_SECRET: JWT_SECRET } });
    return stdout.trim();
  }

  it.each([
    ['postgres', () => 'postgres'],
    ['Redis', () => redis.url.replace('//', '//:right@')],
    ['NATS', () => nats.url.replace('//', '//me:right@')],
  ])('is one system with a second process, by %s', async (_, bus) => {
    const env = { DATABASE_URL: await newDatabase(), BELFRY_BUS: bus() };
    const [one, other] = await Promise.all([serve(folder.path, env), serve(folder.path, env)]);
    const headers = { authorization: `Bearer ${await tokenOf('ada')}` };
    const stream = await (await StreamReader.open(`${other.url}/v1/stream`, { headers })).live();
    const sent = await belfry(['send', 'Hello', '--to', 'user:ada'], {
      cwd: folder.path,
      env: { BELFRY_URL: one.url, BELFRY_API_KEY: API_KEY },
    });
    expect(sent).toMatchObject({ code: 0 });
    await query(env.DATABASE_URL, `select belfry.notify('default', 'user:ada', 'x', 'from SQL')`);
    const titles = (await stream.messages(2)).map(({ data }) => (data as unknown as Created).notification.title);
    expect(titles.sort()).toEqual(['Hello', 'from SQL']);
    await stream.close();
    const ended = await Promise.all([one.stop(), other.stop()]);
    for (const { code, stdout } of ended) {
      expect(code).toBe(0);
      expect(stdout).not.toContain('right@');
    }
  });

  it('tells of a database that can’t be used, in one sentence', async () => {
    const newer = await newDatabase();
    expect(await belfry(['migrate'], { cwd: folder.path, env: { DATABASE_URL: newer } })).toMatchObject({ code: 0 });
    await query(newer, `update belfry.meta set value = '999' where key = 'schema'`);
    const noRights = await newDatabase();
    await query(noRights, `create role poor_${process.pid} login password 'hunter2'`);
    const poor = Object.assign(new URL(noRights), { username: `poor_${process.pid}`, password: 'hunter2' }).href;
    const nowhere = Object.assign(new URL(newer), { pathname: '/nowhere', password: 'hunter2' }).href;
    const [tooNew, rights, missing, away] = await Promise.all(
      [newer, poor, nowhere, 'postgres://me:hunter2@127.0.0.1:1/x'].map((url) => refused({ DATABASE_URL: url })),
    );
    expectOneSentence(tooNew as Ended, /newer Belfry/);
    expectOneSentence(rights as Ended, /grant create|create schema|may not/i);
    expectOneSentence(missing as Ended, /no database nowhere/);
    expectOneSentence(away as Ended, /No Postgres answers at 127\.0\.0\.1:1/);
  });

  it('tells of a bus that can’t be used, in one sentence', async () => {
    const DATABASE_URL = await newDatabase();
    const buses = [
      'redis://:hunter2@127.0.0.1:1',
      redis.url.replace('//', '//:hunter2@'),
      nats.url.replace('//', '//me:hunter2@'),
    ];
    const all = await Promise.all(buses.map((bus) => refused({ DATABASE_URL, BELFRY_BUS: bus })));
    for (const ended of all) expectOneSentence(ended, /BELFRY_BUS/);
    expectOneSentence(await refused({ DATABASE_URL, BELFRY_BUS: 'kafka://x' }), /BELFRY_BUS/);
    expectOneSentence(await refused({ BELFRY_BUS: 'redis://x' }), /DATABASE_URL/);
  });

  it('does not start beside a process that would not hear of it, with a bus or without', async () => {
    const DATABASE_URL = await newDatabase();
    const alone = await serve(folder.path, { DATABASE_URL, BELFRY_BUS: 'local' });
    const [local, bus] = await Promise.all([
      refused({ DATABASE_URL, BELFRY_BUS: 'local' }),
      refused({ DATABASE_URL, BELFRY_BUS: 'postgres' }),
    ]);
    expectOneSentence(local as Ended, /BELFRY_BUS=local the two would not hear of each other/);
    expectOneSentence(bus as Ended, /BELFRY_BUS=local is on this database/);
    // A command follows nothing, and may.
    expect(await belfry(['keys', 'list'], { cwd: folder.path, env: { DATABASE_URL } })).toMatchObject({ code: 0 });
    // Killed, it lets go at once.
    await alone.stop('SIGKILL');
    await (await serve(folder.path, { DATABASE_URL })).stop();
  });

  it('keeps keys where any process finds them', async () => {
    const DATABASE_URL = await newDatabase();
    const run = (args: string[]) => belfry(args, { cwd: folder.path, env: { DATABASE_URL } });
    const { stdout } = await run(['keys', 'add', 'ci']);
    expect(stdout).toMatch(/^bk_/);
    const server = await serve(folder.path, { DATABASE_URL });
    const env = { BELFRY_URL: server.url, BELFRY_API_KEY: stdout.trim() };
    expect(await belfry(['send', 'Hi', '--to', 'all'], { cwd: folder.path, env })).toMatchObject({ code: 0 });
    await server.stop();
  });
});
