import { problemShape } from '@belfry/protocol/schemas';
import { SILENT } from '@belfry/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawSocket, request } from './support/raw-socket.ts';
import { startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

/** Resolves when the system has taken all of it. */
function allWritten({ socket }: RawSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** The problem in an answer that ends its connection. */
function problemIn(text: string, status: number): Record<string, unknown> {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head).toMatch(/^content-type: application\/problem\+json$/im);
  const problem = problemShape.strict().parse(JSON.parse(body));
  expect(problem.status).toBe(status);
  expect(head).toMatch(new RegExp(`^x-request-id: ${problem.requestId}$`, 'im'));
  return problem;
}

describe('the door of Node’s own HTTP server', () => {
  let test: TestServer;
  let auth: { authorization: string };
  const errors: string[] = [];

  beforeAll(async () => {
    const log = { ...SILENT, error: (_: object, message: string) => void errors.push(message) };
    test = await startServer({ hub: { heartbeatMs: 200 }, log });
    auth = { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` };
  });
  afterAll(() => test.stop());

  const streams = () => test.server.hub.stats.streams;
  const noStreams = () => until(() => streams() === 0, 'every stream to be freed');

  async function isWell(): Promise<void> {
    expect((await fetch(`${test.url}/readyz`)).status).toBe(200);
  }

  it('sends a stream’s headers at once, without Connection, length or chunks', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(request('GET', '/v1/stream', auth));
    const head = (await raw.until('\r\n\r\n')).split('\r\n\r\n')[0] as string;
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).not.toMatch(/^(connection|keep-alive|content-length|transfer-encoding):/im);
    await raw.until('event: live');
    raw.close();
    await noStreams();
  });

  it('gives an HTTP/1.0 client a stream too', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(request('GET', '/v1/stream', auth).replace('HTTP/1.1', 'HTTP/1.0'));
    expect(await raw.until('event: live')).not.toMatch(/^transfer-encoding:/im);
    raw.close();
    await noStreams();
  });

  it('outlives a request pipelined behind a stream, and frees both when the client goes', async () => {
    for (const second of [
      request('GET', '/v1/stream', auth),
      request('GET', '/v1/me', auth),
      request('GET', '/nope'),
    ]) {
      const raw = await RawSocket.open(test.port);
      raw.send(request('GET', '/v1/stream', auth) + second);
      await raw.until('event: live');
      await raw.until(/: hb[\s\S]*: hb/);
      expect(raw.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
      raw.close();
      await noStreams();
    }
    await isWell();
  });

  it('serves a stream pipelined behind a short request', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(request('GET', '/v1/me', auth) + request('GET', '/v1/stream', auth));
    const text = await raw.until('event: live');
    expect(text).toMatch(/"user":"ada"[\s\S]*HTTP\/1\.1 200 OK[\s\S]*event: connected/);
    raw.close();
    await noStreams();
  });

  it('frees the stream of a client that resets, that closes, and that half-closes', async () => {
    const leave = [
      (raw: RawSocket) => raw.socket.resetAndDestroy(),
      (raw: RawSocket) => raw.socket.destroy(),
      (raw: RawSocket) => raw.socket.end(),
    ];
    for (const go of leave) {
      const raw = await RawSocket.open(test.port);
      raw.send(request('GET', '/v1/stream', auth));
      await raw.until('event: live');
      go(raw);
      await noStreams();
      raw.close();
    }
  });

  it('frees the stream of a client that leaves while it is being authenticated', async () => {
    for (let n = 0; n < 20; n += 1) {
      const raw = await RawSocket.open(test.port);
      raw.send(request('GET', '/v1/stream', auth));
      await new Promise((resolve) => setTimeout(resolve, n % 5));
      raw.socket.resetAndDestroy();
    }
    await isWell();
    await noStreams();
  });

  it('answers HEAD of a stream with its headers and nothing more', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(request('HEAD', '/v1/stream', auth) + request('GET', '/healthz', { connection: 'close' }));
    const text = await raw.end();
    const [head, rest] = [text.slice(0, text.indexOf('\r\n\r\n')), text.slice(text.indexOf('\r\n\r\n') + 4)];
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toMatch(/^content-type: text\/event-stream; charset=utf-8$/im);
    expect(rest).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(rest).toContain('{"status":"ok"}');
    expect(streams()).toBe(0);
    expect(test.server.hub.stats.tenants).toBeLessThanOrEqual(1);
  });

  it('answers HEAD of other calls without a body, and refuses it as it refuses GET', async () => {
    const me = await fetch(`${test.url}/v1/me`, { method: 'HEAD', headers: auth });
    expect([me.status, await me.text()]).toEqual([200, '']);
    expect((await fetch(`${test.url}/v1/stream`, { method: 'HEAD' })).status).toBe(401);
    const { status } = await fetch(`${test.url}/v1/stream?ticket=nope`, { method: 'HEAD' });
    expect(status).toBe(401);
  });

  it('answers OPTIONS with 404 where CORS is not set up', async () => {
    expect((await fetch(`${test.url}/v1/stream`, { method: 'OPTIONS' })).status).toBe(404);
  });

  it('refuses headers over 16 KB and lives on', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(request('GET', '/v1/me', { ...auth, 'x-big': 'x'.repeat(20_000) }));
    expect(problemIn(await raw.end(), 431)).toMatchObject({ code: 'too_large', title: 'Too large' });
    await isWell();
  });

  it('answers what is no request with a problem, and closes', async () => {
    const chunked = request('POST', '/v1/events', {
      authorization: `Bearer ${test.apiKey}`,
      'transfer-encoding': 'chunked',
    });
    for (const text of ['nonsense\n\n', 'GET /v1/me HTTP/9.9\n\n', 'GET /v1/me HTTP/1.1\n\n', `${chunked}zz\n\n`]) {
      const raw = await RawSocket.open(test.port);
      raw.send(text);
      if (text.includes('HTTP/1.1\n\n')) raw.socket.end();
      expect(problemIn(await raw.end(), 400), text).toMatchObject({ code: 'invalid' });
    }
    await isWell();
  });

  it('answers headers without an end so that a client which goes on writing gets to read it', async () => {
    const raw = await RawSocket.open(test.port);
    raw.socket.pause();
    raw.send('GET /v1/me HTTP/1.1\nx-big: ');
    await allWritten(raw, 'x'.repeat(8_000_000));
    raw.socket.resume();
    problemIn(await raw.until('requestId'), 431);
    raw.close();
    await isWell();
  });

  it('writes no refusal into a stream or before the answer of an earlier request', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(request('GET', '/v1/stream', auth));
    await raw.until('event: live');
    raw.send('nonsense\n\n');
    expect((await raw.end()).match(/HTTP\/1\.1/g)).toHaveLength(1);
    await noStreams();
    const early = await RawSocket.open(test.port);
    early.send(`${request('GET', '/v1/stream?wait=20&lastEventId=', auth)}`);
    const cursor = /"cursor":"([^"]+)"/.exec(await early.until('"cursor":"'))?.[1];
    early.send(request('GET', `/v1/stream?wait=20&lastEventId=${cursor}`, auth));
    await until(() => test.server.hub.stats.polls === 1, 'the poll to wait');
    early.send('nonsense\n\n');
    expect((await early.end()).match(/HTTP\/1\.1/g)).toHaveLength(1);
    await until(() => test.server.hub.stats.polls === 0, 'the poll to be freed');
  });

  it('lives on after garbage, and after requests that are made to be read two ways', async () => {
    const body = '{"to":"all","type":"m","title":"smuggled"}';
    const smuggled = `${request('POST', '/v1/notifications', { authorization: `Bearer ${test.apiKey}`, 'content-length': `${body.length}` })}${body}`;
    const junk = [
      '\0\0\0\0\n\n',
      'GET\n\n',
      'GET /v1/me HTTP/9.9\n\n',
      'PRI * HTTP/2.0\n\nSM\n\n',
      'GET /v1/me HTTP/1.1\n\n',
      request('GET', 'http://', auth),
      request('GET', '//evil.example/v1/me', auth),
      request('GET', '/%', auth),
      request('GET', '/v1/inbox/%E0%A4%A', auth),
      request('GET', '/v1/me', { ...auth, host: 'a b' }),
      request('GET', '/v1/me', { ...auth, host: '<script>' }),
      request('CONNECT', 'evil.example:80'),
      request('TRACE', '/v1/me', auth),
      request('GET', '/v1/stream', { ...auth, upgrade: 'websocket', connection: 'upgrade' }),
      `${request('POST', '/v1/events', { ...auth, 'content-length': '5', 'transfer-encoding': 'chunked' })}0\n\n${smuggled}`,
      `${request('POST', '/v1/events', { ...auth, 'transfer-encoding': 'chunked, identity' })}0\n\n${smuggled}`,
      `${request('POST', '/v1/events', { ...auth, 'transfer-encoding': ' chunked\n' })}zz\n\n`,
      `POST /v1/events HTTP/1.1\nhost: x\ncontent-length: 3\ncontent-length: 4\n\nabcd${smuggled}`,
      `POST /v1/events HTTP/1.1\nhost: x\ncontent-length: -1\n\n${smuggled}`,
      'POST /v1/events HTTP/1.1\nhost: x\ntransfer-encoding: chunked\n\nFFFFFFFFFFFFFFFFF\n',
    ];
    for (const text of junk) {
      const raw = await RawSocket.open(test.port);
      raw.send(text);
      raw.socket.end();
      expect(await raw.end(), text).not.toMatch(/HTTP\/1\.1 (5|201)/);
      raw.close();
    }
    await isWell();
    await noStreams();
    const { core } = test.server;
    const sent = await core.notifications.list('default', { limit: 10, before: null });
    expect(sent.items).toEqual([]);
  });

  it('answers a Host or a target that makes no URL with a problem', async () => {
    for (const text of [request('GET', '/v1/me', { host: 'a b' }), request('GET', 'http://', auth)]) {
      const raw = await RawSocket.open(test.port);
      raw.send(text);
      expect(await raw.until('requestId')).toMatch(/^HTTP\/1\.1 400 [\s\S]*problem\+json[\s\S]*"field":"Host"/);
      raw.close();
    }
  });

  it('keeps a connection in step after a body that no call read', async () => {
    const body = `{"x":"${'y'.repeat(5_000)}"}`;
    const length = { 'content-length': `${body.length}` };
    const raw = await RawSocket.open(test.port);
    raw.send(request('POST', '/v1/tickets', { ...auth, ...length }) + body);
    raw.send(request('POST', '/v1/inbox/nope/read', length) + body);
    raw.send(request('GET', '/v1/me', { ...auth, connection: 'close' }));
    const text = await raw.end();
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['400', '401', '200']);
  });

  it('keeps a connection in step after a body that was too large, with and without a length', async () => {
    const chunk = `10000\n${'x'.repeat(0x10000)}\n`;
    for (const [headers, body] of [
      [{ 'transfer-encoding': 'chunked' }, `${chunk.repeat(24)}0\n\n`],
      [{ 'content-length': `${0x180000}` }, 'x'.repeat(0x180000)],
    ] as const) {
      const raw = await RawSocket.open(test.port);
      raw.send(request('POST', '/v1/events', { authorization: `Bearer ${test.apiKey}`, ...headers }) + body);
      await raw.until('too_large');
      raw.send(request('GET', '/v1/me', { ...auth, connection: 'close' }));
      const text = await raw.end();
      expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['413', '200']);
    }
  });

  it('answers 413 so that a client which writes all of a large body before it reads gets to read it', async () => {
    const raw = await RawSocket.open(test.port);
    raw.socket.pause();
    raw.send(request('POST', '/v1/events', { authorization: `Bearer ${test.apiKey}`, 'transfer-encoding': 'chunked' }));
    const chunk = `10000\n${'x'.repeat(0x10000)}\n`;
    for (let n = 0; n < 16 * 16; n += 1) raw.send(chunk);
    await allWritten(raw, '0\r\n\r\n');
    raw.socket.resume();
    expect(await raw.until('too_large')).toMatch(/^HTTP\/1\.1 413 /);
    raw.close();
    await isWell();
  });

  it('answers 413 before all of a body without an end has come', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(request('POST', '/v1/events', { authorization: `Bearer ${test.apiKey}`, 'transfer-encoding': 'chunked' }));
    const chunk = `10000\n${'x'.repeat(0x10000)}\n`;
    for (let n = 0; n < 20; n += 1) raw.send(chunk);
    expect(await raw.until('too_large')).toMatch(/^HTTP\/1\.1 413 /);
    raw.close();
    await isWell();
  });

  it('answers 413 by the length alone, before any of the body has come', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(request('POST', '/v1/events', { authorization: `Bearer ${test.apiKey}`, 'content-length': '1048577' }));
    expect(await raw.until('too_large')).toMatch(/^HTTP\/1\.1 413 /);
    raw.close();
  });

  it('takes no notice of a client that leaves in the middle of its body', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(
      `${request('POST', '/v1/events', { authorization: `Bearer ${test.apiKey}`, 'content-length': '100' })}{"to"`,
    );
    await isWell();
    raw.socket.resetAndDestroy();
    await isWell();
  });

  it('drops a reader that stops reading, and it resumes complete', { timeout: 60_000 }, async () => {
    const slow = await RawSocket.open(test.port);
    slow.send(request('GET', '/v1/stream?state=none', auth));
    await slow.until('event: live');
    slow.socket.pause();
    const { core } = test.server;
    const cursors: string[] = [];
    for (let n = 0; n < 30; n += 1) {
      const event = { to: ['user:ada'], type: 'app.tick', data: 'x'.repeat(16_000) };
      const sent = await Promise.all(Array.from({ length: 50 }, () => core.events.publish('default', event)));
      cursors.push(...sent.map(({ value }) => value.cursor));
    }
    // It has 5 s to take its last frame, and takes nothing.
    await until(() => streams() === 0, 'the slow reader to be dropped');
    slow.socket.resume();
    const text = await slow.end();
    const got = [...text.matchAll(/^id: (\S+)\ndata: \{"type":"app.tick"/gm)].map(([, id]) => id as string);
    const back = await RawSocket.open(test.port);
    back.send(request('GET', '/v1/stream', { ...auth, 'last-event-id': got.at(-1) as string }));
    const rest = await back.until('event: live');
    expect(rest).toContain('"resumed":true');
    got.push(...[...rest.matchAll(/^id: (\S+)\ndata: \{"type":"app.tick"/gm)].map(([, id]) => id as string));
    expect(got.length).toBe(cursors.length);
    expect(got).toEqual(cursors);
    back.close();
    await noStreams();
  });

  it('frees a poll whose client has gone', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(request('GET', '/v1/stream?wait=30&lastEventId=', auth));
    await raw.until('"resumed":false');
    const cursor = /"cursor":"([^"]+)"/.exec(raw.text)?.[1];
    raw.send(request('GET', `/v1/stream?wait=30&lastEventId=${cursor}`, auth));
    await until(() => test.server.hub.stats.polls === 1, 'the poll to wait');
    raw.socket.resetAndDestroy();
    await until(() => test.server.hub.stats.polls === 0, 'the poll to be freed');
  });

  it('met nothing in all of this that it did not foresee', () => {
    expect(errors).toEqual([]);
  });
});
