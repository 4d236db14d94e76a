import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tickets } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { createServer } from '@belfry/server';
import { describe, expect, it } from 'vitest';
import { RawSocket, request } from './support/raw-socket.ts';
import { API_KEY, SECRET, startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

const BODY = '{"to":"user:ada","type":"m","title":"Under way"}';

async function personsHeaders(): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` };
}

/** Stops only the server, to look at the store after. */
async function whileStopping(test: TestServer, work: (stopped: Promise<void>) => Promise<void>): Promise<void> {
  const stopped = test.server.stop();
  try {
    await work(stopped);
  } finally {
    await stopped;
    await test.stop();
  }
}

/** Until it has been put back, a moment after the answer. */
async function firstUse(tickets: Tickets, ticket: string): Promise<void> {
  for (;;) {
    const refusal = await tickets.claim(ticket, false).then(
      () => null,
      ({ message }: Error) => message,
    );
    if (refusal === null) return;
    expect(refusal).toContain('has a stream open');
  }
}

describe('a stop', () => {
  it('finishes a publish whose body is still on its way', async () => {
    const test = await startServer();
    const raw = await RawSocket.open(test.port);
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-length': `${BODY.length}` };
    raw.send(request('POST', '/v1/notifications', headers) + BODY.slice(0, 10));
    await (await fetch(`${test.url}/readyz`)).text();
    await whileStopping(test, async () => {
      raw.send(BODY.slice(10));
      expect(await raw.end()).toMatch(/^HTTP\/1\.1 201 /);
      const { items } = await test.server.core.notifications.list('default', { limit: 10, before: null });
      expect(items).toMatchObject([{ title: 'Under way' }]);
    });
  });

  it('does not wait for a client that never ends its request, nor for idle connections', async () => {
    const test = await startServer();
    const idle = await RawSocket.open(test.port);
    idle.send(request('GET', '/healthz'));
    await idle.until('"ok"');
    const stuck = await RawSocket.open(test.port);
    stuck.send(request('POST', '/v1/notifications', { authorization: `Bearer ${API_KEY}`, 'content-length': '100' }));
    const started = performance.now();
    await test.stop();
    expect(performance.now() - started).toBeLessThan(10_000);
    await Promise.all([idle.end(), stuck.end()]);
  });

  it('sends streams away with drain, spread over its time, and answers polls', async () => {
    const test = await startServer({ drainMs: 400 });
    const headers = await personsHeaders();
    const streams = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const raw = await RawSocket.open(test.port);
        raw.send(request('GET', '/v1/stream', headers));
        await raw.until('event: live');
        return raw;
      }),
    );
    const { cursor } = (await (await fetch(`${test.url}/v1/stream?wait=0`, { headers })).json()) as { cursor: string };
    const poll = fetch(`${test.url}/v1/stream?wait=60&lastEventId=${cursor}`, { headers });
    await until(() => test.server.hub.stats.polls === 1, 'the poll to wait');
    await whileStopping(test, async () => {
      expect(await (await poll).json()).toMatchObject({ resumed: true, events: [], cursor });
      for (const text of await Promise.all(streams.map((stream) => stream.end()))) {
        expect(text).toMatch(/\nretry: \d+\nevent: closing\ndata: \{"reason":"drain","retryMs":\d+\}\n\n$/);
      }
    });
  });

  it('tells /readyz, and who wants a new stream, while it drains', async () => {
    const test = await startServer({ drainMs: 600 });
    const headers = await personsHeaders();
    const [open, late] = [await RawSocket.open(test.port), await RawSocket.open(test.port)];
    open.send(request('GET', '/v1/stream', headers));
    await open.until('event: live');
    late.send(`${request('GET', '/healthz')}GET /readyz HTTP/1.1\n`);
    await late.until('"ok"');
    await whileStopping(test, async () => {
      late.send(`host: belfry\n\n${request('GET', '/v1/stream', { ...headers, accept: 'text/event-stream' })}`);
      const text = await late.end();
      expect(text).toMatch(/HTTP\/1\.1 503 [\s\S]*retry-after: \d+[\s\S]*"code":"unavailable"/);
      expect(text).toMatch(/HTTP\/1\.1 200 OK[\s\S]*event: closing\ndata: \{"reason":"drain"/);
      open.close();
    });
  });

  it('says in its last answer on a connection that the connection closes', async () => {
    const test = await startServer();
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-length': `${BODY.length}` };
    const [before, after] = [await RawSocket.open(test.port), await RawSocket.open(test.port)];
    before.send(request('POST', '/v1/notifications', headers) + BODY.slice(0, 10));
    after.send(`${request('GET', '/healthz')}GET /healthz HTTP/1.1\n`);
    expect(await after.until('"ok"')).not.toMatch(/^connection: close/im);
    await (await fetch(`${test.url}/readyz`)).text();
    await whileStopping(test, async () => {
      before.send(BODY.slice(10));
      after.send('host: belfry\n\n');
      expect(await before.end()).toMatch(/^HTTP\/1\.1 201 [\s\S]*^connection: close\r$/im);
      expect(await after.end()).toMatch(/"ok"[\s\S]*^connection: close\r$/im);
    });
  });

  it('leaves a ticket as good as it was that finds it draining', async () => {
    const test = await startServer({ drainMs: 600 });
    const headers = await personsHeaders();
    const ticketed = await Promise.all(
      ['', '&wait=0'].map(async (query) => {
        const { ticket } = (await (await fetch(`${test.url}/v1/tickets`, { method: 'POST', headers })).json()) as {
          ticket: string;
        };
        const late = await RawSocket.open(test.port);
        late.send(`GET /v1/stream?ticket=${ticket}${query} HTTP/1.1\n`);
        return { ticket, late };
      }),
    );
    const open = await RawSocket.open(test.port);
    open.send(request('GET', '/v1/stream', headers));
    await open.until('event: live');
    await whileStopping(test, async () => {
      for (const { late } of ticketed) late.send('host: belfry\n\n');
      const [stream, poll] = await Promise.all(ticketed.map(({ late }) => late.end()));
      expect(stream).toMatch(/event: closing\ndata: \{"reason":"drain"/);
      expect(poll).toMatch(/^HTTP\/1\.1 503 /);
      const { tickets } = test.server.core;
      for (const { ticket } of ticketed) await firstUse(tickets, ticket);
      open.close();
    });
  });

  it('does not wait for a stream of whom the app never says what they may see', async () => {
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const test = await startServer({
      access: () => {
        asked();
        return new Promise(() => {});
      },
    });
    const raw = await RawSocket.open(test.port);
    raw.send(request('GET', '/v1/stream', await personsHeaders()));
    await isAsked;
    await test.stop();
    expect(await raw.end()).toBe('');
  });

  it('leaves nothing behind that was never listened with', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'belfry-stop-'));
    const store = await openSqliteStore({ dir });
    const server = createServer({ store, auth: { jwt: { secret: SECRET } } });
    expect((await server.app.request('/readyz')).status).toBe(200);
    await server.stop();
    await store.close();
    await rm(dir, { recursive: true });
  });
});
