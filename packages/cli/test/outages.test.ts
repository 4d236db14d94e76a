import { TcpProxy } from '@belfry/contract-tests/faults';
import { StreamReader } from '@belfry/contract-tests/http';
import { isMissing, POSTGRES, REDIS, type Service, startPostgres, startRedis } from '@belfry/contract-tests/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './support/folder.ts';
import { API_KEY, belfry, JWT_SECRET, serve } from './support/run.ts';

type Server = Awaited<ReturnType<typeof serve>>;

const AUTH = { authorization: `Bearer ${API_KEY}` };

describe.skipIf([POSTGRES, REDIS].some(isMissing))('what a Belfry stands on goes away', { timeout: 60_000 }, () => {
  const folder = temporaryFolder();
  let services: Service[] = [];
  let [toPostgres, toRedis]: TcpProxy[] = [];
  /** Reaches both services only through the proxies. */
  let cutOff: Server;
  let other: Server;
  let stream: StreamReader;
  let expected = 0;

  beforeAll(async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    services = [postgres, redis];
    [toPostgres, toRedis] = await Promise.all([TcpProxy.start(postgres), TcpProxy.start(redis)]);
    const through = (url: string, proxy: TcpProxy) => Object.assign(new URL(url), { port: String(proxy.port) }).href;
    [cutOff, other] = await Promise.all([
      serve(folder.path, {
        DATABASE_URL: through(postgres.url, toPostgres as TcpProxy),
        BELFRY_BUS: through(redis.url, toRedis as TcpProxy),
      }),
      serve(folder.path, { DATABASE_URL: postgres.url, BELFRY_BUS: redis.url }),
    ]);
    const { stdout } = await belfry(['token', 'ada'], { cwd: folder.path, env: { BELFRY_JWT_SECRET: JWT_SECRET } });
    const headers = { authorization: `Bearer ${stdout.trim()}` };
    stream = await (await StreamReader.open(`${cutOff.url}/v1/stream`, { headers })).live();
  }, 60_000);
  afterAll(async () => {
    await stream?.close();
    await Promise.all([cutOff, other].map((server) => server?.stop()));
    await Promise.all([toPostgres, toRedis].map((proxy) => proxy?.close()));
    await Promise.all(services.map((service) => service.dispose()));
  });

  async function ask(server: Server, path: string, body?: unknown): Promise<{ status: number; after: string | null }> {
    const headers = { ...AUTH, 'content-type': 'application/json' };
    const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`${server.url}${path}`, init);
    await answer.text();
    return { status: answer.status, after: answer.headers.get('retry-after') };
  }

  const send = (server: Server, title: string) =>
    ask(server, '/v1/notifications', { to: 'user:ada', type: 'x', title });

  /** The next of the stream that was opened at the very beginning. */
  async function next(): Promise<string> {
    const { data } = (await stream.messages(++expected)).at(-1) as { data: Record<string, unknown> };
    return (data.notification as { title: string }).title;
  }

  it('the database: streams stay, publishes are told to come back, and all goes on by itself', async () => {
    expect(await ask(cutOff, '/readyz')).toMatchObject({ status: 200 });
    toPostgres?.refuse();
    toPostgres?.cut();
    await cutOff.said('the database does not answer');
    expect(await ask(cutOff, '/readyz')).toEqual({ status: 503, after: '1' });
    expect(await send(cutOff, 'Refused')).toEqual({ status: 503, after: '1' });
    expect(await send(other, 'Meanwhile')).toMatchObject({ status: 201 });

    toPostgres?.heal();
    await cutOff.said('the database answers again');
    expect(await next()).toBe('Meanwhile');
    await expect.poll(async () => (await ask(cutOff, '/readyz')).status).toBe(200);
    expect(await send(cutOff, 'Again')).toMatchObject({ status: 201 });
    expect(await next()).toBe('Again');
  });

  it('the bus: what is published here comes, what is published elsewhere too, and it is told', async () => {
    toRedis?.refuse();
    toRedis?.cut();
    await cutOff.said('the bus is lost');
    expect(await send(cutOff, 'Here')).toMatchObject({ status: 201 });
    expect(await next()).toBe('Here');
    expect(await send(other, 'Elsewhere')).toMatchObject({ status: 201 });
    expect(await next()).toBe('Elsewhere');
    expect(await metric('belfry_bus_up')).toBe('0');
    expect(await ask(cutOff, '/readyz')).toMatchObject({ status: 200 });

    toRedis?.heal();
    await cutOff.said('the bus is back');
    expect(await metric('belfry_bus_up')).toBe('1');
  });

  async function metric(name: string): Promise<string | undefined> {
    const text = await (await fetch(`${cutOff.url}/metrics`, { headers: AUTH })).text();
    return text.match(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm'))?.[1];
  }
});
