import { StreamReader } from '@belfry/contract-tests/http';
import { anyService, isMissing, POSTGRES, type Service, startPostgres } from '@belfry/contract-tests/services';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { API_KEY, BelfryProcess, belfry, JWT_SECRET, serve } from './support/run.ts';

const ENV = { BELFRY_API_KEY: API_KEY, BELFRY_JWT_SECRET: JWT_SECRET, BELFRY_PORT: '0' };

describe.skipIf(isMissing(POSTGRES))('belfry serve --workers', { timeout: 60_000 }, () => {
  const folder = temporaryFolder();
  let postgres: Pick<Service, 'url' | 'dispose'>;
  let made = 0;

  beforeAll(async () => {
    postgres = await anyService(POSTGRES, () => startPostgres());
  });
  afterAll(() => postgres?.dispose());

  async function newDatabase(): Promise<string> {
    const name = `belfry_workers_${process.pid}_${++made}`;
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(`create database ${name}`).finally(() => client.end());
    return Object.assign(new URL(postgres.url), { pathname: `/${name}` }).href;
  }

  async function headersOf(user: string): Promise<{ authorization: string }> {
    const { stdout } = await belfry(['token', user], { cwd: folder.path, env: { BELFRY_JWT_SECRET: JWT_SECRET } });
    return { authorization: `Bearer ${stdout.trim()}` };
  }

  it('deals streams out in turn, replaces a worker that is killed, and stops with all of them', async () => {
    const env = { DATABASE_URL: await newDatabase(), BELFRY_LOG_LEVEL: 'debug' };
    const server = await serve(folder.path, env, ['--workers', '2']);
    const headers = await headersOf('ada');
    const open = async () => (await StreamReader.open(`${server.url}/v1/stream`, { headers })).live();
    const streams = [await open(), await open(), await open(), await open()];
    const opened = () => linesOf(server).filter(({ msg }) => msg === 'stream opened');
    // A worker's line may come after the stream's first bytes.
    await expect
      .poll(() =>
        opened()
          .map(({ worker }) => worker)
          .sort(),
      )
      .toEqual([1, 1, 2, 2]);

    const sending = { cwd: folder.path, env: { BELFRY_URL: server.url, BELFRY_API_KEY: API_KEY } };
    expect(await belfry(['send', 'Hello', '--to', 'user:ada'], sending)).toMatchObject({ code: 0 });
    // Whichever worker took it.
    for (const stream of streams) expect(await stream.messages(1)).toHaveLength(1);

    const victim = linesOf(server).find(({ msg, worker }) => msg === 'a worker is ready' && worker === 1);
    process.kill(victim?.pid as number, 'SIGKILL');
    await server.said(/"worker":3,[^\n]*"a worker is ready"/);
    await server.said('"signal":"SIGKILL"');
    // Which two they were, lines of two processes don't say: theirs may come in another order.
    await expect.poll(() => streams.filter(({ ended }) => ended).length).toBe(2);

    streams.push(await open(), await open());
    const { code } = await server.stop();
    expect(code).toBe(0);
    await Promise.all(streams.map((stream) => stream.close()));
    const stopped = linesOf(server).filter(({ msg }) => msg === 'stopped');
    expect(stopped.map(({ worker }) => worker).sort()).toEqual([2, 3, undefined]);
  });

  it('is ended by a signal during its start, and by Ctrl-C, which all of them get', async () => {
    const env = { ...ENV, DATABASE_URL: await newDatabase() };
    const early = new BelfryProcess(['serve', '--workers', '2'], { cwd: folder.path, env, ownGroup: true });
    await early.said('a worker is ready');
    expect(await early.stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' });

    const server = await serve(folder.path, env, ['--workers', '2'], { ownGroup: true });
    process.kill(-(server.child.pid as number), 'SIGINT');
    expect(await server.ended()).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(server).filter(({ msg }) => msg === 'stopped')).toHaveLength(3);
  });

  it('says in one sentence why it can’t start, however many there are', async () => {
    const run = (workers: string, env: Record<string, string>) =>
      belfry(['serve', '--workers', workers], { cwd: folder.path, env: { ...ENV, ...env } });
    const url = Object.assign(new URL(postgres.url), { pathname: '/nowhere' }).href;
    const sentences = await Promise.all([
      run('2', {}),
      run('2', { DATABASE_URL: url, BELFRY_BUS: 'local' }),
      run('none', { DATABASE_URL: url }),
      run('2', { DATABASE_URL: url }),
    ]);
    const expected = [/DATABASE_URL/, /BELFRY_BUS=local/, /--workers/, /no database nowhere/];
    sentences.forEach((ended, at) => {
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(/^belfry: [^\n]+\n$/);
      expect(ended.stderr).toMatch(expected[at] as RegExp);
    });
  });
});

interface Line {
  msg: string;
  worker?: number;
  pid?: number;
}

function linesOf({ stdout }: BelfryProcess): Line[] {
  const whole = stdout.slice(0, stdout.lastIndexOf('\n'));
  return whole.split('\n').map((line) => JSON.parse(line) as Line);
}
