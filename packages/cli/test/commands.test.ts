import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { API_KEY, BelfryProcess, belfry, JWT_SECRET, serve } from './support/run.ts';

type Server = Awaited<ReturnType<typeof serve>>;

// Each test starts processes, which takes its time where the machine is busy.
const timeout = 60_000;

describe('belfry’s commands against a running server', { timeout }, () => {
  const folder = temporaryFolder();
  let server: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    server = await serve(folder.path);
    env = { BELFRY_URL: server.url, BELFRY_API_KEY: API_KEY, BELFRY_JWT_SECRET: JWT_SECRET };
  });
  afterAll(() => server.stop());

  const run = (args: string[], more: Record<string, string> = {}) =>
    belfry(args, { cwd: folder.path, env: { ...env, ...more } });

  async function inboxOf(token: string): Promise<{ items: { title: string }[]; unread: number }> {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${server.url}/v1/inbox`, { headers });
    return (await response.json()) as { items: { title: string }[]; unread: number };
  }

  it('token makes a token that the server takes, with what was asked for', async () => {
    const options = ['--tenant', 'acme', '--name', 'Ada L', '--roles', 'dev,ops', '--channels', 'topic:x,topic:t/*'];
    const { code, stdout } = await run(['token', 'ada', ...options, '--read-only', '--expires', '2h']);
    expect(code).toBe(0);
    const response = await fetch(`${server.url}/v1/me`, { headers: { authorization: `Bearer ${stdout.trim()}` } });
    const me = (await response.json()) as { expiresAt: string };
    expect(me).toMatchObject({
      user: 'ada',
      tenant: 'acme',
      name: 'Ada L',
      roles: ['dev', 'ops'],
      channels: ['topic:x', 'topic:t/*'],
      readOnly: true,
    });
    expect(Date.parse(me.expiresAt) - Date.now()).toBeGreaterThan(7_100_000);
  });

  it('token refuses what is no name, grant or time', async () => {
    const wrong: [string[], RegExp][] = [
      [['a b'], /"a b" is not valid\. A name starts with a letter or digit/],
      [['ada', '--roles', 'a b'], /^belfry: --roles: .*starts with/],
      [['ada', '--channels', 'nope'], /topic:<name>/],
      [['ada', '--expires', '1y'], /90s, 15m/],
    ];
    await Promise.all(
      wrong.map(async ([args, rule]) => {
        const { code, stderr, stdout } = await run(['token', ...args]);
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toMatch(/^belfry: [^\n]+\n$/);
        expect(stderr).toMatch(rule);
      }),
    );
  });

  it('send sends, prints the notification, and once for one idempotency key', async () => {
    const token = (await run(['token', 'bea'])).stdout.trim();
    const args = [
      'send',
      'Hello Bea',
      '--to',
      'user:bea',
      '--type',
      'greeting',
      '--data={"n":-5}',
      '--idempotency-key',
      'k',
    ];
    const first = await run([...args, '--severity', 'success', '--action-url', '/hi', '--body', 'There']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const sent = JSON.parse(first.stdout) as { id: string };
    expect(sent).toMatchObject({ title: 'Hello Bea', type: 'greeting', data: { n: -5 }, severity: 'success' });
    const again = await run([...args, '--severity', 'success', '--action-url', '/hi', '--body', 'There']);
    expect(JSON.parse(again.stdout)).toEqual(sent);
    expect(await inboxOf(token)).toMatchObject({ items: [{ title: 'Hello Bea' }], unread: 1 });
  });

  it('send tells what the server refused, in one line', async () => {
    const wrong = await Promise.all([
      run(['send', 'x', '--to', 'nope']),
      run(['send', 'x', '--to', 'all', '--action-url', 'javascript:1']),
      run(['send', 'x', '--to', 'all', '--data', '{']),
      run(['send', 'x', '--to', 'all'], { BELFRY_API_KEY: 'bk_another_key_of_more_than_24' }),
      run(['send', 'x', '--to', 'all', '--url', 'ftp://x']),
    ]);
    for (const { code, stderr, stdout } of wrong) {
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^belfry: [^\n]+\n$/);
    }
  });

  it('send asks what a bare id was meant to be, and takes spaces in a list', async () => {
    const bare = await run(['send', 'x', '--to', '42']);
    expect(bare).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'belfry: --to: "42" is not a channel; did you mean user:42?\n',
    });
    const { stdout } = await run(['send', 'x', '--to', 'user:42, role:dev']);
    expect(JSON.parse(stdout)).toMatchObject({ to: ['user:42', 'role:dev'] });
  });

  it('tail ends with one sentence where it is refused at first: no token of ours, or no right to the channel', async () => {
    const token = (await run(['token', 'ada'])).stdout.trim();
    const refused = await Promise.all([
      run(['tail'], { BELFRY_TOKEN: 'nonsense' }),
      run(['tail', '--channels', 'user:ben'], { BELFRY_TOKEN: token }),
      run(['tail', '--channels', 'a b'], { BELFRY_TOKEN: token }),
    ]);
    for (const ended of refused) {
      expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^belfry: [^\n]+\n$/) });
    }
    expect(refused[0]?.stderr).toContain('neither a JWT nor an API key');
  });

  it('keys makes, lists and removes keys through the server; a made one works, a removed one does not', async () => {
    const made = await run(['keys', 'add', 'ci', '--scopes', 'publish,read']);
    expect(made.code).toBe(0);
    const secret = made.stdout.trim();
    const id = /Key (\S+),/.exec(made.stderr)?.[1] as string;
    expect((await run(['send', 'By key', '--to', 'user:cy'], { BELFRY_API_KEY: secret })).code).toBe(0);
    const listed = await run(['keys', 'list']);
    expect(listed.stdout).toMatch(new RegExp(`^${id} .* publish,read +ci$`, 'm'));
    expect(listed.stdout + listed.stderr).not.toContain(secret);
    expect((await run(['keys', 'remove', id])).code).toBe(0);
    const refused = await run(['send', 'By key', '--to', 'user:cy'], { BELFRY_API_KEY: secret });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^belfry: [^\n]+\n$/) });
    expect((await run(['keys', 'remove', id])).stderr).toMatch(/^belfry: There is no API key/);
  });

  it('tail prints what comes as a person, shortly or as JSON, and ends well on a signal', async () => {
    const token = (await run(['token', 'dan'])).stdout.trim();
    const tail = (args: string[]) =>
      new BelfryProcess(['tail', ...args], { cwd: folder.path, env: { BELFRY_URL: server.url, BELFRY_TOKEN: token } });
    const [short, json] = [tail([]), tail(['--json', '--types', 'build.*'])];
    await Promise.all([short.said('following'), json.said('following')]);
    await run(['send', 'Not this', '--to', 'user:dan']);
    await run(['send', 'Build 7 failed', '--to', 'user:dan', '--type', 'build.failed']);
    await Promise.all([short.said('Build 7 failed'), json.said('Build 7 failed')]);
    expect(short.stdout.trim().split('\n')).toHaveLength(2);
    expect(short.stdout).toMatch(/notification\.created {2}user:dan {2}"Not this"/);
    const [line] = json.stdout.trim().split('\n');
    expect(JSON.parse(line as string)).toMatchObject({ type: 'notification.created', channel: 'user:dan' });
    expect(await short.stop('SIGINT')).toMatchObject({ code: 0 });
    expect(await json.stop()).toMatchObject({ code: 0 });
  });

  it('ends quietly when its reader has gone', async () => {
    const tail = new BelfryProcess(['tail'], { cwd: folder.path, env });
    await tail.said('following');
    tail.child.stdout?.destroy();
    const sending = async () => {
      while (!tail.over) await run(['send', 'To nobody', '--to', 'all']);
    };
    await sending();
    expect(await tail.ended()).toMatchObject({ code: 0, stderr: expect.stringMatching(/^following[^\n]*\n$/) });
  });
});

describe('belfry’s commands without a server', { timeout }, () => {
  const folder = temporaryFolder();
  const run = (args: string[], env: Record<string, string> = {}) => belfry(args, { cwd: folder.path, env });

  it('migrate makes the database, and again finds it up to date', async () => {
    const first = await run(['migrate']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect((await run(['migrate'])).stdout).toBe(first.stdout);
  });

  it('keys list and remove make no database where there is none', async () => {
    for (const args of [['list'], ['remove', 'x']]) {
      const ended = await run(['keys', ...args], { BELFRY_DATA_DIR: 'elsewhere' });
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toMatch(/^belfry: There is no database in elsewhere\.[^\n]*--url[^\n]*\n$/);
    }
    expect(existsSync(join(folder.path, 'elsewhere'))).toBe(false);
  });

  it('keys works on the data folder itself', async () => {
    const made = await run(['keys', 'add', 'ci', '--tenant', 'acme']);
    expect(made.code).toBe(0);
    const id = /Key (\S+),/.exec(made.stderr)?.[1] as string;
    expect((await run(['keys', 'list'])).stdout).toContain(id);
    expect((await run(['keys', 'remove', id])).code).toBe(0);
    const server = await serve(folder.path);
    const headers = { authorization: `Bearer ${made.stdout.trim()}` };
    expect((await fetch(`${server.url}/v1/notifications`, { headers })).status).toBe(401);
    await server.stop();
  });

  it('send gives up within seconds where nobody answers, in one line', async () => {
    const started = performance.now();
    const ended = await run(['send', 'x', '--to', 'all'], {
      BELFRY_URL: 'http://127.0.0.1:1',
      BELFRY_API_KEY: API_KEY,
    });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^belfry: [^\n]+\n$/) });
    expect(ended.stderr).toMatch(/http:\/\/127\.0\.0\.1:1 could not be reached.*Is belfry serve running\?/);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('keys gives up at once where nobody answers, or something else does', async () => {
    const { createServer } = await import('node:http');
    const proxy = createServer((_, response) => void response.writeHead(502).end('<html>Bad gateway'));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as { port: number };
    for (const url of ['http://127.0.0.1:1', `http://127.0.0.1:${port}`]) {
      const ended = await run(['keys', 'list'], { BELFRY_URL: url, BELFRY_API_KEY: API_KEY });
      expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^belfry: [^\n]+\n$/) });
    }
    proxy.close();
  });
});

describe('belfry tail', { timeout }, () => {
  const folder = temporaryFolder();

  it('goes on over a restart of the server, and misses and doubles nothing', async () => {
    const first = await serve(folder.path);
    const { port } = new URL(first.url);
    const env = { BELFRY_URL: first.url, BELFRY_API_KEY: API_KEY };
    const send = (title: string) => belfry(['send', title, '--to', 'all'], { cwd: folder.path, env });
    const tail = new BelfryProcess(['tail'], { cwd: folder.path, env });
    await tail.said('following');
    await send('One');
    await tail.said('"One"');
    await first.stop('SIGKILL');
    const second = await serve(folder.path, { BELFRY_PORT: port });
    await send('Two');
    await tail.said('"Two"');
    await second.stop();
    const third = await serve(folder.path, { BELFRY_PORT: port });
    await send('Three');
    await tail.said('"Three"');
    const titles = [...tail.stdout.matchAll(/"(\w+)"$/gm)].map(([, title]) => title);
    expect(titles).toEqual(['One', 'Two', 'Three']);
    expect(await tail.stop()).toMatchObject({ code: 0 });
    await third.stop();
  });
});
