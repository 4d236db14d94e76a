// compose.yaml without its containers: two Belfrys on Postgres and Redis, behind an nginx with what deploy/proxy.conf says.
import { readFileSync } from 'node:fs';
import { StreamReader } from '@belfry/contract-tests/http';
import {
  isMissing,
  nginxPath,
  POSTGRES,
  REDIS,
  type Service,
  startNginx,
  startPostgres,
  startRedis,
} from '@belfry/contract-tests/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DyingServer } from './support/dying-server.ts';
import { temporaryFolder } from './support/folder.ts';
import { HangingServer } from './support/hanging-server.ts';
import { API_KEY, belfry, JWT_SECRET, serve } from './support/run.ts';

const FILE = new URL('../../../deploy/proxy.conf', import.meta.url);
const isAbsent = nginxPath() === undefined || [POSTGRES, REDIS].some(isMissing);

/** The file, with this machine's addresses in place of those that Docker's names stand for. */
function proxyTo(ports: readonly string[], own: number): string {
  const changes: [RegExp, string][] = [
    [/^resolver .*;$/m, ''],
    [/ belfry-1:4400 resolve(?= max_fails=0;)/g, ` 127.0.0.1:${ports[0]}`],
    [/ belfry-2:4400 resolve(?= max_fails=0;)/g, ` 127.0.0.1:${ports[1]}`],
    [/listen 80;/, `listen 127.0.0.1:${own};`],
  ];
  return changes.reduce(
    (text, [what, by]) => {
      if (text.search(what) === -1) throw new Error(`deploy/proxy.conf has no ${what}: change this test with it.`);
      return text.replace(what, by);
    },
    readFileSync(FILE, 'utf8'),
  );
}

describe.skipIf(isAbsent)('two Belfrys behind the proxy of compose.yaml', { timeout: 60_000 }, () => {
  const folder = temporaryFolder();
  let services: Service[] = [];
  let servers: Awaited<ReturnType<typeof serve>>[] = [];
  let proxy: Service;
  let env: Record<string, string>;
  let headers: { authorization: string };

  beforeAll(async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    services = [postgres, redis];
    env = { DATABASE_URL: postgres.url, BELFRY_BUS: redis.url };
    servers = await Promise.all([serve(folder.path, env), serve(folder.path, env)]);
    const ports = servers.map(({ url }) => new URL(url).port);
    proxy = await startNginx((own) => proxyTo(ports, own));
    const { stdout } = await belfry(['token', 'ada'], { cwd: folder.path, env: { BELFRY_JWT_SECRET: JWT_SECRET } });
    headers = { authorization: `Bearer ${stdout.trim()}` };
  }, 60_000);
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await proxy?.dispose();
    await Promise.all(services.map((service) => service.dispose()));
  });

  async function open(cursor?: string): Promise<StreamReader> {
    const resuming = cursor === undefined ? {} : { 'last-event-id': cursor };
    return (await StreamReader.open(`${proxy.url}/v1/stream`, { headers: { ...headers, ...resuming } })).live();
  }

  async function statusOf(path: string, body: unknown, key?: string, at = proxy.url): Promise<number> {
    const more = {
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const answer = await fetch(`${at}${path}`, { method: 'POST', headers: more, body: JSON.stringify(body) });
    // What is not read keeps its connection.
    await answer.text();
    return answer.status;
  }

  /** As a client does: where the answer was lost with a process it asks again, under the same key. */
  async function send(title: string): Promise<void> {
    const message = { to: 'user:ada', type: 'x', title };
    for (let tries = 0; tries < 5; tries += 1) {
      const status = await statusOf('/v1/notifications', message, title);
      if (status === 201) return;
      expect(status).toBe(502);
    }
    throw new Error(`${title} was never taken.`);
  }

  const titlesOf = async (stream: StreamReader, count: number) =>
    (await stream.messages(count)).map(({ data }) => (data as { notification: { title: string } }).notification.title);

  it('are one: streams on both have all at once, and go on at the other when theirs is killed', async () => {
    const streams = await Promise.all([open(), open(), open(), open()]);
    await send('One');
    for (const stream of streams) expect(await titlesOf(stream, 1)).toEqual(['One']);

    const [victim, other] = servers as [(typeof servers)[0], (typeof servers)[0]];
    const { port } = new URL(victim.url);
    await victim.stop('SIGKILL');
    servers = [other];
    await expect.poll(() => streams.filter(({ ended }) => ended).length).toBe(2);
    await send('Two');
    const again = await Promise.all(
      streams.map((stream) =>
        stream.ended ? open(stream.lastId).then((late) => [late, 1] as const) : ([stream, 2] as const),
      ),
    );
    for (const [stream, count] of again) expect((await titlesOf(stream, count)).at(-1)).toBe('Two');

    servers = [other, await serve(folder.path, { ...env, BELFRY_PORT: port })];
    await send('Three');
    for (const [stream, count] of again) expect((await titlesOf(stream, count + 1)).at(-1)).toBe('Three');
    await Promise.all(again.map(([stream]) => stream.close()));
  });

  it('are asked again for a call with a key that one of them died of, and for no other', async () => {
    const dying = await DyingServer.start();
    const [{ url }] = servers as [(typeof servers)[0]];
    const front = await startNginx((own) => proxyTo([new URL(url).port, String(dying.port)], own));
    const message = { to: 'user:cas', type: 'x', title: 'Held' };
    const call = (key?: string) => statusOf('/v1/notifications', message, key, front.url);
    try {
      // They are asked in turn.
      const keyed = [await call('held'), await call('held')];
      expect(keyed).toEqual([201, 201]);
      expect(dying.keys).toEqual(['held']);
      const keyless = [await call(), await call()];
      expect(keyless.sort()).toEqual([201, 502]);
      expect(dying.keys).toEqual(['held', '']);
      // It takes no key. The one that lives refuses it to a service.
      const ticket = () => statusOf('/v1/tickets', {}, 'ticket', front.url);
      expect([await ticket(), await ticket()].sort()).toEqual([403, 502]);
      expect(dying.keys).toEqual(['held', '', 'ticket']);
    } finally {
      await front.dispose();
      await dying.close();
    }
  });

  it('have streams and calls although one of them hangs: what leaves it is not given back to it', async () => {
    const hanging = await HangingServer.start();
    const [{ url }] = servers as [(typeof servers)[0]];
    const front = await startNginx((own) => proxyTo([new URL(url).port, String(hanging.port)], own));
    const streamUrl = `${front.url}/v1/stream`;
    const open: StreamReader[] = [];
    try {
      // They are asked in turn.
      for (const stream of [1, 2]) {
        open.push(await (await StreamReader.open(streamUrl, { headers })).live());
        const giveUp = new AbortController();
        const lost = fetch(streamUrl, { headers, signal: giveUp.signal });
        await expect.poll(() => hanging.asked).toBe(stream);
        giveUp.abort();
        await expect(lost).rejects.toThrow();
        await expect.poll(() => hanging.open).toBe(0);
      }
      const message = { to: 'user:dee', type: 'x', title: 'Not held up' };
      const stuck = new AbortController();
      const call = (signal?: AbortSignal) =>
        fetch(`${front.url}/v1/notifications`, {
          method: 'POST',
          headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
          body: JSON.stringify(message),
          ...(signal === undefined ? {} : { signal }),
        }).then(async (answer) => [answer.status, await answer.text()][0]);
      const calls = [call(stuck.signal), call(stuck.signal)];
      await expect.poll(() => hanging.asked).toBe(3);
      expect(await Promise.race(calls)).toBe(201);
      // One waits there, so all others go where none does, however many streams that one has.
      for (let n = 0; n < 4; n += 1) expect(await call()).toBe(201);
      stuck.abort();
      await Promise.allSettled(calls);
      expect(hanging.asked).toBe(3);
    } finally {
      await Promise.all(open.map((stream) => stream.close()));
      await front.dispose();
      await hanging.close();
    }
  });

  it('take a batch of several megabytes', async () => {
    const message = { to: 'user:ben', type: 'x', title: 'A long one', body: 'x'.repeat(4_000) };
    const notifications = Array.from({ length: 1_000 }, () => message);
    expect(await statusOf('/v1/notifications/batch', { notifications }, 'batch')).toBe(201);
  });
});
