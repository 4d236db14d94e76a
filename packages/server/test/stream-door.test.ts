import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { SILENT } from '@belfry/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefusalLog } from '../src/http/refusal-log.ts';
import { closeServer, type Listening, listen } from '../src/listen.ts';
import { Traffic } from '../src/metrics/traffic.ts';
import { StreamDoor, type StreamDoorOptions } from '../src/stream-door/stream-door.ts';
import { RawSocket, request } from './support/raw-socket.ts';
import { API_KEY, startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

type Headers = Record<string, string>;

const ALLOWED = 'https://app.example';
const SERVICE = { authorization: `Bearer ${API_KEY}` };
const CLOSING = { connection: 'close' };
/** A stream has begun: the one ends with the first, that of a run with the other. */
const BEGUN = /event: (live|snapshot)\n/;

const get = (path: string, headers: Headers = {}) => request('GET', path, { ...CLOSING, ...headers });

describe('the door of streams', () => {
  let test: TestServer;
  /** The same app on a port without that door: all goes through Node's server and the framework. */
  let plain: Listening;
  let person: Headers;
  let run: string;
  let byFramework = 0;

  beforeAll(async () => {
    test = await startServer({
      corsOrigins: [ALLOWED],
      compression: 'on',
      extend: (app) => {
        const { fetch } = app;
        app.fetch = (...args) => {
          byFramework += 1;
          return fetch(...args);
        };
      },
    });
    const told = { log: SILENT, traffic: new Traffic(), refusals: new RefusalLog(SILENT) };
    plain = await listen({ app: test.server.app, door: null, streams: null, ...told }, '127.0.0.1', 0);
    person = { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` };
    const begun = { to: 'user:ada', kind: 'import', title: 'Import' };
    const answer = await fetch(`${test.url}/v1/runs`, {
      method: 'POST',
      headers: { ...SERVICE, 'content-type': 'application/json' },
      body: JSON.stringify(begun),
    });
    ({ id: run } = (await answer.json()) as { id: string });
  });
  afterAll(async () => {
    await closeServer(plain);
    await test.stop();
  });

  const noStreams = () => until(() => test.server.hub.stats.streams === 0, 'every stream to be freed');

  /** What differs from one answer to the next made the same. */
  function same(text: string): string {
    return (
      text
        .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '<uuid>')
        // The two are asked one after the other, which may be in two seconds.
        .replaceAll(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT(?=\r?$)/gm, 'Date: <>')
        .replaceAll(/"(connection|serverTime)":"[^"]*"/g, '"$1":"<>"')
        .replaceAll(/(retry: |"retryMs":)\d+/g, '$1<>')
    );
  }

  /** Head and body, and how many requests the framework saw. It is cut off where a stream is live. */
  async function ask(port: number, text: string, half = false): Promise<{ answer: string[]; seen: number }> {
    const before = byFramework;
    const raw = await RawSocket.open(port);
    raw.socket.write(text, 'latin1');
    if (half) raw.socket.end();
    await raw.until(BEGUN).catch(() => {});
    raw.close();
    const [head = '', ...rest] = raw.text.split('\r\n\r\n');
    const [status = '', ...headers] = head.split('\r\n').map(same);
    const named = headers.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()));
    const told = named.filter((line) => !line.startsWith('date:')).sort();
    const dated = named.length - told.length;
    const body = same(rest.join('\r\n\r\n').replace(/(event: (live|snapshot)\n)[\s\S]*/, '$1'));
    return { answer: [status, `${dated} date`, ...told, body], seen: byFramework - before };
  }

  /** `taken`: whether the door does it, and not the framework. */
  async function expectSame(text: string, taken: boolean, half = false): Promise<string> {
    const bytes = text.replaceAll(/\r?\n/g, '\r\n');
    const byDoor = await ask(test.port, bytes, half);
    const byNode = await ask(plain.port, bytes, half);
    expect(byDoor.answer).toEqual(byNode.answer);
    expect(byDoor.seen).toBe(taken ? 0 : byNode.seen);
    if (taken) expect(byNode.seen).toBe(1);
    await noStreams();
    return byDoor.answer[0] as string;
  }

  it.each<[string, () => string, number]>([
    ['a person', () => get('/v1/stream', person), 200],
    [
      'a person by cookie',
      () => get('/v1/stream', { cookie: person.authorization?.replace('Bearer ', 'belfry_token=') ?? '' }),
      200,
    ],
    ['a service', () => get('/v1/stream', SERVICE), 200],
    ['a service of another tenant', () => get('/v1/stream', { ...SERVICE, 'belfry-tenant': 'other' }), 200],
    ['who has a cursor that is none', () => get('/v1/stream', { ...person, 'last-event-id': 'nope' }), 200],
    ['who wants no state', () => get('/v1/stream?state=none&x=%20y&lastEventId=', person), 200],
    ['who narrows it', () => get('/v1/stream?channels=all&types=m.*', person), 200],
    ['a page of an allowed origin', () => get('/v1/stream', { ...person, origin: ALLOWED }), 200],
    ['a page of another', () => get('/v1/stream', { ...person, origin: 'https://evil.example' }), 200],
    ['a request id', () => get('/v1/stream', { ...person, 'x-request-id': 'mine.7' }), 200],
    ['who follows a run', () => get(`/v1/runs/${run}/stream?from=start`, SERVICE), 200],
    ['nobody', () => get('/v1/stream'), 401],
    ['nobody, from an allowed origin', () => get('/v1/stream', { origin: ALLOWED, 'x-request-id': 'mine.8' }), 401],
    ['an EventSource of nobody', () => get('/v1/stream', { accept: 'text/event-stream' }), 401],
    ['an empty token', () => get('/v1/stream', { authorization: 'Bearer ' }), 401],
    ['a token in the address', () => get('/v1/stream?token=x'), 401],
    ['a ticket that is none', () => get('/v1/stream?ticket=nope'), 401],
    ['a channel that is not theirs', () => get('/v1/stream?channels=user:bob', person), 403],
    ['a query that is wrong', () => get('/v1/stream?state=all', person), 400],
    ['a query that is encoded wrong', () => get('/v1/stream?device=%E0%A4%A', person), 400],
    ['a run that there is not', () => get('/v1/runs/nope/stream', person), 404],
  ])('opens it for %s, or refuses it, as Node’s server and the framework do', async (_, text, status) => {
    expect(await expectSame(text(), true)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it.each<[string, () => string, number | null]>([
    ['HTTP/1.0', () => get('/v1/stream', person).replace('HTTP/1.1', 'HTTP/1.0'), 200],
    ['a version that there is not', () => get('/v1/stream', person).replace('HTTP/1.1', 'HTTP/9.9'), 400],
    ['a method in small letters', () => get('/v1/stream', person).replace('GET', 'get'), 400],
    ['HEAD', () => get('/v1/stream', person).replace('GET', 'HEAD'), 200],
    ['POST', () => get('/v1/stream', person).replace('GET', 'POST'), 404],
    ['two hosts', () => get('/v1/stream', { ...person, Host: 'other' }), 400],
    ['two credentials', () => get('/v1/stream', { ...person, Authorization: 'Bearer x' }), 401],
    ['no host', () => get('/v1/stream', person).replace(/host: .*\n/, ''), 400],
    ['a host in capitals', () => get('/v1/stream', { ...person, host: 'Belfry' }), 200],
    ['Expect', () => get('/v1/stream', { ...person, expect: '100-continue' }), 100],
    ['an expectation that there is not', () => get('/v1/stream', { ...person, expect: 'more' }), 417],
    ['a length of none', () => get('/v1/stream', { ...person, 'content-length': '0' }), 200],
    ['a body', () => `${get('/v1/stream', { ...person, 'content-length': '2' })}{}`, 200],
    ['two lengths', () => get('/v1/stream', { ...person, 'content-length': '1', 'Content-Length': '2' }), 400],
    ['chunks', () => `${get('/v1/stream', { ...person, 'transfer-encoding': 'chunked' })}0\n\n`, 200],
    ['an upgrade', () => get('/v1/stream', { ...person, upgrade: 'websocket', connection: 'upgrade' }), null],
    ['a poll', () => get('/v1/stream?wait=0', person), 200],
    ['a poll by another spelling', () => get('/v1/stream?w%61it=0', person), 200],
    ['a poll that is refused', () => get('/v1/stream?wait=0'), 401],
    ['a path that is encoded', () => get('/v1/str%65am', person), 200],
    ['a path with a slash behind', () => get('/v1/stream/', person), 404],
    ['an address with its host', () => get('http://belfry/v1/stream', person), 200],
    ['a run with an encoded id', () => get('/v1/runs/a%00b/stream', person), 404],
    ['a header over two lines', () => get('/v1/stream', { ...person, x: 'a\n b' }), 400],
    ['a space before a colon', () => get('/v1/stream', { ...person, 'x ': 'a' }), 400],
    ['a control in a header', () => get('/v1/stream', { ...person, x: 'a\0b' }), 400],
    ['a header that is not ASCII', () => get('/v1/stream', { ...person, x: '\xe9' }), 200],
    [
      'many headers',
      () =>
        get('/v1/stream', { ...person, ...Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`x-${n}`, 'y'])) }),
      200,
    ],
    ['large headers', () => get('/v1/stream', { ...person, x: 'y'.repeat(9_000) }), 200],
    ['headers that are too large', () => get('/v1/stream', { ...person, x: 'y'.repeat(20_000) }), 431],
    ['an empty line ahead', () => `\n${get('/v1/stream', person)}`, 200],
    ['two spaces', () => get('/v1/stream', person).replace('GET ', 'GET  '), null],
    ['garbage', () => 'nonsense\n\n', 400],
    ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\n\nSM\n\n', 400],
    ['another call', () => get('/docs'), 200],
    ['a request pipelined behind it', () => request('GET', '/v1/stream', person) + get('/docs'), 200],
    [
      'a stream behind a short request',
      () => request('GET', '/docs', { connection: 'keep-alive' }) + get('/v1/stream'),
      200,
    ],
  ])('hands %s on to Node’s server, which answers as ever', async (_, text, status) => {
    const told = await expectSame(text(), false);
    if (status !== null) expect(told).toMatch(new RegExp(`^HTTP/1\\.\\d ${status} `));
  });

  it('hands on what ends before its head does', async () => {
    await expectSame('', false, true);
    await expectSame('GET /v1/str', false, true);
    expect(await expectSame(get('/v1/stream').slice(0, -2), false, true)).toMatch(/ 400 /);
  });

  it('answers the same however the request is cut into pieces', async () => {
    const text = get('/v1/stream').replaceAll('\n', '\r\n');
    const whole = await ask(test.port, text);
    const cut = async (at: number) => {
      const raw = await RawSocket.open(test.port);
      raw.socket.write(text.slice(0, at));
      await new Promise(setImmediate);
      raw.socket.write(text.slice(at));
      expect((await raw.end()).split('\r\n')[0], `${at}`).toBe(whole.answer[0]);
    };
    await Promise.all(Array.from({ length: text.length }, (_, at) => cut(at)));
    const drops = await RawSocket.open(test.port);
    for (const byte of text) {
      drops.socket.write(byte);
      await new Promise(setImmediate);
    }
    expect((await drops.end()).split('\r\n')[0]).toBe(whole.answer[0]);
  });

  it('leaves the connection of a stream that is refused open for the next request', async () => {
    const raw = await RawSocket.open(test.port);
    raw.send(request('GET', '/v1/stream'));
    await raw.until('unauthenticated');
    raw.send(request('GET', '/v1/stream', person));
    expect(await raw.until(BEGUN)).toMatch(/ 401 [\s\S]*HTTP\/1\.1 200 OK/);
    raw.close();
    await noStreams();
  });

  it('counts what it answers as every other call', async () => {
    const count = async (status: number) => {
      const line = new RegExp(
        `^belfry_http_requests_total\\{.*route="/v1/stream".*status="${status}".*\\} (\\d+)$`,
        'm',
      );
      return Number(line.exec(await test.server.metrics())?.[1] ?? 0);
    };
    const before = [await count(200), await count(401)];
    await ask(test.port, get('/v1/stream', person).replaceAll('\n', '\r\n'));
    await ask(test.port, get('/v1/stream').replaceAll('\n', '\r\n'));
    expect([await count(200), await count(401)]).toEqual(before.map((counted) => counted + 1));
    await noStreams();
  });
});

describe('before a server of Node’s', () => {
  const options = { services: {}, authenticate: () => Promise.reject(new Error()) } as unknown as StreamDoorOptions;

  it('the door stands only where that takes its connections by one listener', () => {
    const odd = createServer().on('connection', () => {});
    const before = odd.listeners('connection');
    expect(new StreamDoor(options).standBefore(odd)).toBe(false);
    expect(odd.listeners('connection')).toEqual(before);
    expect(new StreamDoor(options).standBefore(createServer().removeAllListeners('connection') as Server)).toBe(false);
    expect(new StreamDoor(options).standBefore(createServer())).toBe(true);
  });

  /** A server whose connections, once handed on, are only kept. */
  async function keeping(lookMs: number) {
    const taken: Socket[] = [];
    const server = createServer().removeAllListeners('connection') as Server;
    server.on('connection', (socket: Socket) => taken.push(socket.on('error', () => {})));
    const door = new StreamDoor({ ...options, lookMs });
    door.standBefore(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return { taken, server, door, open: () => connect(port, '127.0.0.1') };
  }

  async function close({ taken, server }: { taken: Socket[]; server: Server }): Promise<void> {
    for (const socket of taken) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }

  it('a connection that says nothing is handed on after a moment', async () => {
    const kept = await keeping(5);
    const socket = kept.open();
    await until(() => kept.taken.length === 1, 'the connection to be handed on');
    socket.destroy();
    await close(kept);
  });

  it('a connection that has said nothing yet is handed on when the server ends, and one that comes then at once', async () => {
    const kept = await keeping(600_000);
    const sockets = [kept.open()];
    await once(kept.server, 'connection');
    expect(kept.taken).toEqual([]);
    kept.door.leave();
    expect(kept.taken).toHaveLength(1);
    sockets.push(kept.open());
    await until(() => kept.taken.length === 2, 'the second to be handed on');
    for (const socket of sockets) socket.destroy();
    await close(kept);
  });
});
