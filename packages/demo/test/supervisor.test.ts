import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Supervisor } from '@belfry/demo';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive, press, startDemo, until } from './support/demo.ts';
import { get } from './support/get.ts';

const draft = (title: string) => ({ to: 'ada', title, body: null, severity: 'info' });

async function storedTitles({ address, apiKey }: Supervisor): Promise<string[]> {
  const { body } = await get(`${address}/v1/notifications?limit=100`, { Authorization: `Bearer ${apiKey}` });
  return (JSON.parse(body) as { items: { title: string }[] }).items.map(({ title }) => title).sort();
}

/** One demo for all: the tests leave it running as they found it, and the last one stops it. */
describe('a demo', () => {
  let demo: Supervisor;
  let end: () => Promise<void>;

  beforeAll(async () => {
    ({ demo, end } = await startDemo());
  });
  afterAll(() => end());

  test('tells in Belfry’s own words what is wrong with a message, and does not count it', async () => {
    const answer = await press(demo, '/send', draft(''));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid', field: 'title' });
    expect(demo.snapshot().messages).toEqual([]);
  });

  test('opens its controls to the page’s token only, and lets only the page read the answers', async () => {
    const { address, control } = demo;
    expect((await get(`${control.url}/snapshot`)).status).toBe(401);
    expect((await get(`${control.url}/kill`, {}, 'POST')).status).toBe(401);
    const foreign = await get(`${control.url}/kill`, { Origin: 'http://evil.example' }, 'OPTIONS');
    expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
    const own = await get(`${control.url}/kill`, { Origin: address }, 'OPTIONS');
    expect(own.headers['access-control-allow-origin']).toBe(address);
  });

  test('gives no key and no token to a name that leads here from elsewhere', async () => {
    for (const path of ['/demo/config', '/demo/token?user=ada', '/by-hand/stream?user=ada']) {
      expect((await get(demo.address + path, { Host: 'evil.example' })).status).toBe(403);
    }
    expect((await get(`${demo.address}/demo/token?user=eve`)).status).toBe(400);
  });

  test('shows the source of the hand-written route that runs', async () => {
    const { byHandSource } = JSON.parse((await get(`${demo.address}/demo/config`)).body) as { byHandSource: string };
    expect(byHandSource).toContain('export function stream(user: string, res: ServerResponse)');
  });

  test('starts a killed server again on the same data, and stores once what is sent meanwhile', async () => {
    await press(demo, '/send', draft('before'));
    const killed = demo.snapshot().server.pid!;
    expect(JSON.parse((await press(demo, '/kill')).body)).toEqual({ killed: true });
    const sent = await Promise.all(['a', 'b', 'c'].map((title) => press(demo, '/send', draft(title))));
    expect(sent.map(({ status }) => status)).toEqual([200, 200, 200]);
    await press(demo, '/traffic', { on: false });
    const isTaken = () => demo.snapshot().messages.every(({ acknowledged }) => acknowledged.belfry !== null);
    await until(isTaken, 'Belfry has taken all of them');
    expect(isAlive(killed)).toBe(false);
    expect(demo.snapshot().server).toMatchObject({ up: true, restarts: 1 });
    const titles = demo.snapshot().messages.map(({ title }) => title);
    expect(await storedTitles(demo)).toEqual(titles.sort());
  });

  test('a second one at the same address is told in one sentence that there is one already', async () => {
    const { port } = new URL(demo.address);
    const second = startDemo({ port: Number(port) });
    await expect(second).rejects.toThrow(`belfry dev is already running here (${demo.address}/).`);
  });

  test('leaves no process behind when it stops', async () => {
    const { pid } = demo.snapshot().server;
    expect(isAlive(pid!)).toBe(true);
    await demo.stop();
    expect(isAlive(pid!)).toBe(false);
  });
});

test('a supervisor that is killed takes its server with it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'belfry-demo-'));
  const script = new URL('./support/supervising.ts', import.meta.url).pathname;
  const supervisor = spawn(process.execPath, ['--conditions=belfry-src', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(supervisor.stdout, 'data')) as [Buffer];
  const { server } = JSON.parse(line.toString()) as { server: number };
  supervisor.kill('SIGKILL');
  await once(supervisor, 'exit');
  try {
    await until(() => !isAlive(server), 'the server has ended too');
  } finally {
    // An orphan would keep this run's output open, and the run waiting.
    if (isAlive(server)) process.kill(server, 'SIGKILL');
    await rm(folder, { recursive: true });
  }
});

test('a port that is in use is told in one sentence', async () => {
  const taken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await expect(startDemo({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use.`);
  await new Promise((resolve) => taken.close(resolve));
});

test('the API key is the same at each start on the same data, and for its owner only', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'belfry-demo-'));
  try {
    const first = await startDemo({ dataDir });
    await first.demo.stop();
    const second = await startDemo({ dataDir });
    await second.demo.stop();
    expect(second.demo.apiKey).toBe(first.demo.apiKey);
    expect((await stat(join(dataDir, 'dev-api-key'))).mode & 0o777).toBe(0o600);
  } finally {
    await rm(dataDir, { recursive: true });
  }
});
