import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Caller } from '@belfry/contract-tests/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReadMetric, readExposition } from './support/exposition.ts';
import { API_KEY, startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

const NOTE = { to: 'user:ada', type: 'm', title: 'x' };

const UNSENT = 65_536;

describe('/metrics', () => {
  let test: TestServer;
  let service: Caller;
  beforeAll(async () => {
    test = await startServer({ hub: { maxBufferedBytes: UNSENT }, webhooks: { private: 'allow', backOffMs: [] } });
    service = as(API_KEY);
  });
  afterAll(() => test.stop());

  const as = (secret: string) =>
    new Caller(test.url, { authorization: `Bearer ${secret}`, 'belfry-tenant': 'secret-tenant' });
  const ada = async () => as(await tokenFor({ sub: 'secret-ada', tenant: 'secret-tenant' }));

  async function scrape(): Promise<Map<string, ReadMetric>> {
    const answer = await fetch(`${test.url}/metrics`, { headers: { authorization: `Bearer ${API_KEY}` } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    return readExposition(await answer.text());
  }

  /** One series, 0 where it is not there yet. */
  async function read(series: string): Promise<number> {
    const metric = (await scrape()).get(series.replace(/(_bucket|_sum|_count)?(\{.*)?$/, ''));
    expect(metric, series).toBeDefined();
    return metric?.series.get(series) ?? 0;
  }

  /** By how much each of these has grown by the time `work` has been done, and what it does later has been too. */
  async function grown(work: () => Promise<unknown>, expected: Record<string, number>): Promise<void> {
    const names = Object.keys(expected);
    const before = await Promise.all(names.map(read));
    await work();
    const by = async () =>
      Object.fromEntries(
        await Promise.all(names.map(async (name, at) => [name, (await read(name)) - (before[at] ?? 0)])),
      );
    await expect.poll(by, { timeout: 30_000, interval: 20 }).toEqual(expected);
  }

  const streamOf = async (query = '') => (await (await ada()).stream(query)).live();
  const send = (to = 'user:secret-ada') => service.post('/v1/notifications', { ...NOTE, to });

  it('D6: connected clients, by which log they follow', async () => {
    const stream = await streamOf();
    expect(await read('belfry_streams_open{log="tenant"}')).toBe(1);
    const run = (await service.post('/v1/runs', { to: 'all', kind: 'k', title: 't' })).body as { id: string };
    const abort = new AbortController();
    const of = await fetch(`${test.url}/v1/runs/${run.id}/stream`, {
      headers: { authorization: `Bearer ${API_KEY}`, 'belfry-tenant': 'secret-tenant' },
      signal: abort.signal,
    });
    expect(of.status).toBe(200);
    expect(await read('belfry_streams_open{log="run"}')).toBe(1);
    expect(await read('belfry_logs_followed{log="run"}')).toBe(1);
    abort.abort();
    await stream.close();
    await until(() => test.server.hub.stats.streams === 0, 'both to be gone');
    expect(await read('belfry_streams_open{log="run"}')).toBe(0);
    expect(await read('belfry_streams_open{log="tenant"}')).toBe(0);
  });

  it('D6: sent against received: events by the way they went, bytes, and acks', async () => {
    const stream = await streamOf();
    await grown(
      async () => {
        await send();
        await stream.messages(1);
      },
      { 'belfry_events_sent_total{way="live"}': 1, 'belfry_events_committed_total{kind="notification"}': 1 },
    );
    const { lastId } = stream;
    expect(await read('belfry_stream_sent_bytes_total')).toBeGreaterThan(100);
    expect(await read('belfry_stream_writes_total')).toBeGreaterThan(1);
    await stream.close();
    await send();
    await grown(async () => (await streamOf(`?lastEventId=${lastId}`)).close(), {
      'belfry_events_sent_total{way="catch_up"}': 1,
      'belfry_streams_begun_total{as="resumed"}': 1,
      'belfry_catch_up_pages_total{source="memory"}': 1,
    });
    await grown(async () => (await ada()).get(`/v1/stream?wait=5&lastEventId=${lastId}`), {
      'belfry_events_sent_total{way="poll"}': 1,
      belfry_polls_total: 1,
    });
    await grown(async () => (await ada()).post('/v1/ack', { device: 'd', cursor: lastId }), {
      belfry_acks_received_total: 1,
    });
  });

  it('D6: connection duration, and the reason of the end', async () => {
    await grown(async () => (await streamOf()).close(), {
      'belfry_streams_opened_total{log="tenant"}': 1,
      'belfry_streams_begun_total{as="new"}': 1,
      'belfry_streams_closed_total{log="tenant",reason="client"}': 1,
      belfry_stream_duration_seconds_count: 1,
      'belfry_stream_duration_seconds_bucket{le="86400"}': 1,
    });
    const key = (await service.post('/v1/admin/keys', { name: 'k', scopes: ['read'] })).body as Record<string, unknown>;
    await grown(
      async () => {
        const stream = await (await as(String(key.secret)).stream()).live();
        await service.delete(`/v1/admin/keys/${(key.key as { id: string }).id}`);
        await stream.end();
      },
      { 'belfry_streams_closed_total{log="tenant",reason="access"}': 1 },
    );
  });

  it('D6: failed sends: a reader that takes nothing is counted as slow', async () => {
    const token = await tokenFor({ sub: 'secret-ada', tenant: 'secret-tenant' });
    const socket = connect(test.port, '127.0.0.1');
    socket.pause();
    socket.write(`GET /v1/stream HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${token}\r\n\r\n`);
    await until(() => test.server.hub.stats.streams === 1, 'the stream');
    const data = 'x'.repeat(15_000);
    await grown(
      async () => {
        // One after the other: what comes all at once is paced.
        while (test.server.hub.unsentBytes <= UNSENT) {
          await service.post('/v1/events', { to: 'all', type: 'a.b', data });
        }
        expect(await read('belfry_stream_unsent_bytes')).toBeGreaterThan(UNSENT);
        socket.resume();
      },
      { 'belfry_streams_closed_total{log="tenant",reason="slow"}': 1 },
    );
    socket.destroy();
  });

  it('commits, reads, errors and requests, by names from closed lists', async () => {
    await grown(() => send(), {
      'belfry_store_commits_total{write="publish",outcome="done"}': 1,
      'belfry_http_requests_total{method="POST",route="/v1/notifications",status="201"}': 1,
      'belfry_http_request_duration_seconds_count{method="POST",route="/v1/notifications"}': 1,
    });
    await grown(() => service.get('/v1/notifications/secret-id'), {
      'belfry_http_errors_total{code="not_found"}': 1,
      'belfry_store_reads_total{read="notification",outcome="done"}': 1,
      'belfry_http_requests_total{method="GET",route="/v1/notifications/{id}",status="404"}': 1,
    });
    await grown(async () => (await ada()).get('/v1/inbox'), {
      'belfry_store_reads_total{read="inbox",outcome="done"}': 1,
    });
    await grown(() => service.delete('/v1/notifications/secret-id'), {
      'belfry_store_commits_total{write="withdraw",outcome="refused"}': 1,
    });
    await grown(() => fetch(`${test.url}/secret-path`), {
      'belfry_http_requests_total{method="GET",route="other",status="404"}': 1,
    });
    await grown(() => fetch(`${test.url}/healthz`), {
      'belfry_http_requests_total{method="GET",route="/healthz",status="200"}': 1,
    });
    const again = { headers: { 'idempotency-key': 'secret-key' } };
    await service.post('/v1/notifications', NOTE, again);
    await grown(() => service.post('/v1/notifications', NOTE, again), { belfry_idempotent_replays_total: 1 });
    await grown(() => service.post('/v1/events', { to: 'all', type: 'secret.type', data: 1 }), {
      'belfry_events_committed_total{kind="app"}': 1,
    });
    expect(await read('belfry_store_commit_duration_seconds_sum')).toBeGreaterThan(0);
    expect(await read('belfry_store_up')).toBe(1);
    expect(await read('belfry_bus_up')).toBe(1);
  });

  it('webhooks: tries, how long they took, and what is dead', async () => {
    const nobody = 'http://127.0.0.1:9/';
    await service.post('/v1/webhooks', { url: nobody, events: ['secret.hook'] });
    await grown(() => service.post('/v1/events', { to: 'all', type: 'secret.hook', data: 1 }), {
      'belfry_webhook_deliveries_total{outcome="dead"}': 1,
      'belfry_webhook_deliveries{status="dead"}': 1,
      belfry_webhook_request_duration_seconds_count: 1,
    });
  });

  it('the process, with the delay of its event loop from the second scrape on', async () => {
    await scrape();
    const found = await scrape();
    const value = (name: string) => found.get(name)?.series.get(name) ?? Number.NaN;
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(value('process_start_time_seconds')).toBeLessThan(Date.now() / 1_000);
    expect(value('nodejs_eventloop_lag_max_seconds')).toBeGreaterThanOrEqual(value('nodejs_eventloop_lag_p50_seconds'));
  });

  it('is what docs/metrics.md lists, and nothing else', async () => {
    const docs = await readFile(join(import.meta.dirname, '../../../docs/metrics.md'), 'utf8');
    const listed = new Set(docs.match(/(?<=`)(belfry|process|nodejs)_\w+(?=[`{])/g));
    await scrape();
    // There only where the store is one that processes share.
    listed.delete('belfry_outbox_calls');
    expect([...listed].sort()).toEqual([...(await scrape()).keys()].sort());
  });

  it('names no tenant, user, channel, key or type of a client', async () => {
    const text = await (await fetch(`${test.url}/metrics`, { headers: { authorization: `Bearer ${API_KEY}` } })).text();
    expect(text).not.toContain('secret');
    expect(text).not.toContain('ada');
  });

  it('is for keys with the scope metrics that are not bound to a tenant, and those may do nothing else', async () => {
    const make = async (scopes: string[], tenant: string | null = null) =>
      ((await service.post('/v1/admin/keys', { name: 'k', scopes, tenant })).body as { secret: string }).secret;
    const status = async (headers: Record<string, string>) => (await fetch(`${test.url}/metrics`, { headers })).status;
    const by = async (secret: string) => status({ authorization: `Bearer ${secret}` });
    const scraper = await make(['metrics']);
    expect(await by(scraper)).toBe(200);
    expect(await status({})).toBe(401);
    expect(await by('bk_wrong')).toBe(401);
    expect(await by(await tokenFor({ sub: 'ada' }))).toBe(403);
    expect(await by(await make(['read', 'publish', 'admin']))).toBe(403);
    expect(await by(await make(['metrics'], 'secret-tenant'))).toBe(403);
    for (const path of ['/v1/notifications', '/v1/admin/keys', '/v1/stream']) {
      expect((await as(scraper).get(path)).status, path).toBe(403);
    }
  });
});

it('/metrics is open where the setting says so, and answers while the database does not', async () => {
  const test = await startServer({ metrics: 'open' });
  await test.store.close();
  const answer = await fetch(`${test.url}/metrics`);
  expect(answer.status).toBe(200);
  const metrics = readExposition(await answer.text());
  expect(metrics.get('belfry_store_up')?.series.get('belfry_store_up')).toBe(0);
  expect(metrics.has('belfry_webhook_deliveries')).toBe(false);
  expect(await test.server.metrics()).toContain('belfry_build_info{version="');
  await test.stop();
});
