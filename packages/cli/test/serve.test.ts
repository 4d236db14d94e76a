import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { StreamReader } from '@belfry/contract-tests/http';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { API_KEY, belfry, type Ended, JWT_SECRET, serve } from './support/run.ts';

const AUTH = { BELFRY_API_KEY: API_KEY };

/** One line on stderr, exit code 1, and nothing on stdout. */
function expectOneSentence(ended: { code: number | null; stdout: string; stderr: string }, what: RegExp): void {
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(/^belfry: [^\n]+\n$/);
  expect(ended.stderr).toMatch(what);
}

async function tokenFor(cwd: string, user: string): Promise<string> {
  const { stdout } = await belfry(['token', user], { cwd, env: { BELFRY_JWT_SECRET: JWT_SECRET } });
  return stdout.trim();
}

function residentMb(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

// Each test starts processes, which takes its time where the machine is busy.
describe('belfry serve', { timeout: 60_000 }, () => {
  const root = temporaryFolder();
  const folder = () => mkdtemp(join(root.path, 'run-'));

  it('refuses to start without a way to authenticate', async () => {
    expectOneSentence(await belfry(['serve'], { cwd: await folder() }), /BELFRY_JWT_SECRET.*BELFRY_API_KEY/);
  });

  it('refuses a bad setting, a bad config file, and a data folder that can’t be', async () => {
    const cwd = await folder();
    await writeFile(join(cwd, 'file'), '');
    const badFolder = { ...AUTH, BELFRY_PORT: '0', BELFRY_DATA_DIR: 'file/inside' };
    const [bad, away] = await Promise.all([
      belfry(['serve'], { cwd, env: { ...AUTH, BELFRY_PORT: 'many' } }),
      belfry(['serve'], { cwd, env: badFolder }),
    ]);
    expectOneSentence(bad, /BELFRY_PORT/);
    expectOneSentence(away, /BELFRY_DATA_DIR/);
    await writeFile(join(cwd, 'belfry.config.json'), '{"BELFRY_PROT":1}');
    expectOneSentence(await belfry(['serve'], { cwd, env: AUTH }), /BELFRY_PROT/);
  });

  it('refuses a port in use and an address that is not this machine’s, and lets go of the folder', async () => {
    const cwd = await folder();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    expectOneSentence(await belfry(['serve'], { cwd, env: { ...AUTH, BELFRY_PORT: `${port}` } }), /BELFRY_PORT/);
    other.close();
    const env = { ...AUTH, BELFRY_PORT: '0', BELFRY_HOST: '192.0.2.1' };
    expectOneSentence(await belfry(['serve'], { cwd, env }), /BELFRY_HOST/);
    await (await serve(cwd)).stop();
  });

  it('takes its settings from belfry.config.json, and logs lines of JSON without a secret', async () => {
    const cwd = await folder();
    await writeFile(
      join(cwd, 'belfry.config.json'),
      JSON.stringify({ BELFRY_DATA_DIR: 'data', BELFRY_LOG_LEVEL: 'debug' }),
    );
    const server = await serve(cwd);
    const headers = { authorization: `Bearer ${await tokenFor(cwd, 'ada')}` };
    expect((await fetch(`${server.url}/v1/me`, { headers })).status).toBe(200);
    const stream = await (await StreamReader.open(`${server.url}/v1/stream`, { headers })).live();
    await stream.close();
    await server.said('stream closed');
    const { code, stdout } = await server.stop();
    expect(code).toBe(0);
    for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    expect(stdout).toContain('"dataDir":"data"');
    for (const secret of [API_KEY, JWT_SECRET, headers.authorization.slice(7)]) expect(stdout).not.toContain(secret);
  });

  it.runIf(process.platform === 'linux')('takes some 100 MB where nobody asks but whether it is ready', async () => {
    const server = await serve(await folder());
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await vi.waitUntil(() => residentMb(server.child.pid) <= 105, { timeout: 30_000, interval: 100 });
    await server.stop();
  });

  it('has its folder to itself: a second process gets one sentence', async () => {
    const cwd = await folder();
    const first = await serve(cwd);
    const second = (args: string[]) => belfry(args, { cwd, env: { ...AUTH, BELFRY_PORT: '4401' } });
    const [serving, ...others] = await Promise.all([
      second(['serve']),
      second(['keys', 'list']),
      second(['keys', 'add', 'ci']),
      second(['keys', 'remove', 'x']),
    ]);
    expectOneSentence(serving as Ended, /in use by another Belfry process/);
    for (const other of others) expectOneSentence(other, /server is running.*add --url http:\/\/127\.0\.0\.1:4401/);
    await first.stop();
    expect((await belfry(['migrate'], { cwd })).code).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('on %s sends streams away, and exits 0 in time', async (signal) => {
    const cwd = await folder();
    const server = await serve(cwd, { BELFRY_DRAIN_MS: '500' });
    const headers = { authorization: `Bearer ${await tokenFor(cwd, 'ada')}` };
    const streams = [];
    for (let n = 0; n < 5; n += 1)
      streams.push(await (await StreamReader.open(`${server.url}/v1/stream`, { headers })).live());
    const started = performance.now();
    const { code, stdout } = await server.stop(signal);
    expect(code).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(stdout).toContain('stopped');
    for (const stream of streams) {
      await stream.end();
      expect(await stream.frame('closing')).toMatchObject({ reason: 'drain' });
    }
  });

  it('warns once of names that are no settings, and of who cannot sign in', async () => {
    const cwd = await folder();
    const warned = await serve(cwd, { BELFRY_JWT_SECRET: '', BELFRY_JWT_SECERT: JWT_SECRET });
    const { stdout, stderr } = await warned.stop();
    expect(stderr).toMatch(/^belfry: [^\n]*BELFRY_JWT_SECERT[^\n]*\n$/);
    expect(stderr).not.toContain(JWT_SECRET);
    expect(stdout.split('\n').filter((line) => line.includes('"level":40'))).toEqual([
      expect.stringContaining('people cannot sign in'),
    ]);
    const quiet = await (await serve(cwd)).stop();
    expect([quiet.stderr, quiet.stdout.includes('"level":40')]).toEqual(['', false]);
  });

  it('ends at once on a second signal', async () => {
    const cwd = await folder();
    const server = await serve(cwd, { BELFRY_DRAIN_MS: '60000' });
    const headers = { authorization: `Bearer ${await tokenFor(cwd, 'ada')}` };
    const streams = [];
    for (let n = 0; n < 3; n += 1)
      streams.push(await (await StreamReader.open(`${server.url}/v1/stream`, { headers })).live());
    server.child.kill('SIGTERM');
    await server.said('leaving');
    const { code } = await server.stop();
    expect(code).toBe(1);
    for (const stream of streams) await stream.close();
  });

  it('says what is wrong with a command that is none', async () => {
    const { code, stderr } = await belfry(['sevre'], { cwd: await folder() });
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'belfry: there is no command "sevre".\n' });
  });
});
