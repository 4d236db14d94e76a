import { StreamReader } from '@belfry/contract-tests/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

/** As a fetch server of an embedding app calls it: a web Request in, a web Response out. */
describe('the app embedded by fetch', () => {
  let test: TestServer;
  let token: string;

  beforeAll(async () => {
    test = await startServer({ hub: { heartbeatMs: 100, maxBufferedBytes: 200_000 } });
    token = await tokenFor({ sub: 'ada' });
  });
  afterAll(() => test.stop());

  const ask = (url: string, init?: RequestInit) => test.server.app.fetch(new Request(url, init)) as Promise<Response>;
  const noStreams = () => until(() => test.server.hub.stats.streams === 0, 'every stream to be freed');

  function open(query = '', headers: Record<string, string> = {}): Promise<StreamReader> {
    const all = { authorization: `Bearer ${token}`, ...headers };
    return StreamReader.open(`http://app.example/v1/stream${query}`, { headers: all, fetch: ask });
  }

  async function publish(data: unknown): Promise<string> {
    const answer = await ask('http://app.example/v1/events', {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}` },
      body: JSON.stringify({ to: 'user:ada', type: 'app.tick', data }),
    });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { cursor: string }).cursor;
  }

  it('streams state, live events and heartbeats, with the documented headers', async () => {
    const stream = await (await open()).live();
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
    await stream.frame('state');
    const cursor = await publish(1);
    expect(await stream.messages(1)).toMatchObject([{ id: cursor, data: 1 }]);
    await stream.block(({ comment, id }) => comment === 'hb' && id === cursor, 'a heartbeat');
    await stream.close();
    await noStreams();
  });

  it('frees everything when the body is cancelled', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await ask('http://app.example/v1/stream', { headers });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    expect(test.server.hub.stats.streams).toBe(1);
    await reader.cancel();
    await noStreams();
  });

  it('frees everything when the request is aborted, and ends the body', async () => {
    const abort = new AbortController();
    const headers = { authorization: `Bearer ${token}` };
    const response = await ask('http://app.example/v1/stream', { headers, signal: abort.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    abort.abort();
    await noStreams();
    await expect(drainedBody(reader)).rejects.toThrow();
  });

  it('frees a request that was aborted before its answer', async () => {
    const signal = AbortSignal.abort();
    const response = await ask('http://app.example/v1/stream', {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    await noStreams();
    await expect(drainedBody((response.body as ReadableStream<Uint8Array>).getReader())).rejects.toThrow();
  });

  it('closes a reader that stops reading as slow, in bounded memory, and lets it resume complete', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await ask('http://app.example/v1/stream?state=none', { headers });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const begun = await readUntil(reader, 'event: live');
    const cursors: string[] = [];
    for (let n = 0; n < 60; n += 1) cursors.push(await publish('x'.repeat(15_000)));
    await noStreamsButClosing();
    const text = begun + (await drainedBody(reader));
    expect(text).toContain('"reason":"slow"');
    const got = [...text.matchAll(/^id: (\S+)\ndata: \{"type":"app.tick"/gm)].map(([, id]) => id as string);
    expect(got.length).toBeLessThan(60);
    const back = await (await open('', { 'last-event-id': got.at(-1) ?? '' })).live();
    expect(await back.frame('connected')).toMatchObject({ resumed: true });
    expect([...got, ...back.seen.map(({ id }) => id)]).toEqual(cursors);
    await back.close();
    await noStreams();
  });

  it('answers other calls, and a body over its limit with 413', async () => {
    const headers = { authorization: `Bearer ${API_KEY}` };
    expect((await ask('http://app.example/v1/notifications', { headers })).status).toBe(200);
    const body = new Blob(['x'.repeat(1_100_000)]).stream();
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    expect((await ask('http://app.example/v1/events', init)).status).toBe(413);
  });

  async function noStreamsButClosing(): Promise<void> {
    await until(() => test.server.hub.stats.streams === 0, 'the slow reader to be closed');
  }
});

/** No further than to there: what is published after is for this reader. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string): Promise<string> {
  let text = '';
  while (!text.includes(wanted)) text += new TextDecoder().decode((await reader.read()).value);
  return text;
}

async function drainedBody(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
}
