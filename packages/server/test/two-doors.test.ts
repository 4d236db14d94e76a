import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app.ts';
import { RouteTable } from '../src/http/route-table.ts';
import { RawSocket, request } from './support/raw-socket.ts';
import { API_KEY, startServer, type TestServer, tokenFor } from './support/start.ts';

/** A Host in capitals is not plain, so such a request goes through the framework; else they are the same. */
const SHORT = { host: 'belfry' };
const LONG = { host: 'Belfry' };

type Headers = Record<string, string>;

const SERVICE = { authorization: `Bearer ${API_KEY}` };
const ALLOWED = 'https://app.example';
const GOOD = '{"to":"user:ada","type":"m","title":"Hello"}';

function sized(body: string): Headers {
  return { 'content-length': `${Buffer.byteLength(body)}` };
}

describe('the two doors', () => {
  let test: TestServer;
  let person: Headers;
  let cookie: Headers;
  let id: string;
  let byFramework = 0;

  beforeAll(async () => {
    test = await startServer({
      corsOrigins: [ALLOWED],
      extend: (app) => {
        const { fetch } = app;
        app.fetch = (...args) => {
          byFramework += 1;
          return fetch(...args);
        };
        app.get('/v1/mine', (c) => c.text('of the app'));
      },
    });
    const token = await tokenFor({ sub: 'ada' });
    person = { authorization: `Bearer ${token}` };
    cookie = { cookie: `a=b; belfry_token=${token}` };
    for (const title of ['One', 'Two', 'Three']) {
      ({ id } = await test.server.notify({ to: 'user:ada', type: 'm', title }));
    }
  });
  afterAll(() => test.stop());

  /** What is answered, with what differs from one answer to the next made the same; and how many the framework saw. */
  async function ask(text: string): Promise<{ answer: string[]; seen: number }> {
    const before = byFramework;
    const raw = await RawSocket.open(test.port);
    raw.send(text);
    const [head = '', ...body] = (await raw.end()).split('\r\n\r\n');
    const same = (line: string) => line.replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '<uuid>');
    const [status = '', ...headers] = head.split('\r\n').map(same);
    const told = headers.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()));
    const answer = [status, ...told.filter((line) => !line.startsWith('date:')).sort(), same(body.join('\r\n\r\n'))];
    return { answer, seen: byFramework - before };
  }

  async function expectSame(method: string, path: string, headers: Headers, body: string, status: number) {
    const all = { connection: 'close', ...headers };
    const short = await ask(request(method, path, { ...SHORT, ...all }) + body);
    const long = await ask(request(method, path, { ...LONG, ...all }) + body);
    expect(short.answer).toEqual(long.answer);
    expect(short.answer[0]).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect([short.seen, long.seen]).toEqual([0, 1]);
    return short.answer;
  }

  it.each<[string, string, string, () => Headers, string, number]>([
    ['a person', 'GET', '/v1/me', () => person, '', 200],
    ['a person by cookie', 'GET', '/v1/me', () => cookie, '', 200],
    ['nobody', 'GET', '/v1/me', () => ({}), '', 401],
    ['an empty token', 'GET', '/v1/me', () => ({ authorization: 'Bearer ' }), '', 401],
    ['another scheme', 'GET', '/v1/me', () => ({ authorization: 'Basic eDp5' }), '', 401],
    ['a key that is none', 'GET', '/v1/me', () => ({ authorization: 'Bearer bk_none' }), '', 401],
    ['two credentials', 'GET', '/v1/me', () => ({ ...SERVICE, Authorization: 'Bearer x' }), '', 401],
    [
      'two tenants',
      'GET',
      '/v1/notifications',
      () => ({ ...SERVICE, 'belfry-tenant': 'a', 'Belfry-Tenant': 'b' }),
      '',
      400,
    ],
    ['another tenant', 'GET', '/v1/notifications', () => ({ ...SERVICE, 'belfry-tenant': 'b' }), '', 200],
    ['a key at a person’s call', 'GET', '/v1/inbox', () => SERVICE, '', 403],
    ['a person at a key’s call', 'GET', '/v1/admin/keys', () => person, '', 403],
    [
      'a cookie from another site',
      'POST',
      '/v1/inbox/read-all',
      () => ({ ...cookie, origin: 'https://evil.example' }),
      '',
      403,
    ],
    ['a cookie from an allowed site', 'POST', '/v1/inbox/read-all', () => ({ ...cookie, origin: ALLOWED }), '', 204],
    [
      'a cookie from our own',
      'POST',
      '/v1/inbox/seen-all',
      () => ({ ...cookie, 'sec-fetch-site': 'same-origin' }),
      '',
      204,
    ],
    ['an allowed origin', 'GET', '/v1/inbox/count', () => ({ ...person, origin: ALLOWED }), '', 200],
    ['another origin', 'GET', '/v1/inbox/count', () => ({ ...person, origin: 'null' }), '', 200],
    ['a refusal to an allowed origin', 'GET', '/v1/inbox/count', () => ({ origin: ALLOWED }), '', 401],
    ['a request id', 'GET', '/v1/inbox/nope', () => ({ ...person, 'x-request-id': 'mine.7' }), '', 404],
    ['a request id that is none', 'GET', '/v1/inbox/nope', () => ({ ...person, 'x-request-id': 'a b' }), '', 404],
    ['a name of the query', 'GET', '/v1/notifications?limit=1', () => SERVICE, '', 200],
    ['one that comes twice', 'GET', '/v1/notifications?limit=1&limit=2', () => SERVICE, '', 400],
    ['one that says the same twice', 'GET', '/v1/notifications?limit=1&limit=1', () => SERVICE, '', 200],
    ['an encoded one', 'GET', '/v1/notifications?types=m%2C%6D.*&li%6Dit=1&to=user:ada', () => SERVICE, '', 200],
    ['one that is encoded wrong', 'GET', '/v1/notifications?cursor=%E0%A4%A', () => SERVICE, '', 400],
    ['a plus', 'GET', '/v1/notifications?types=m,+a', () => SERVICE, '', 200],
    ['an unknown name', 'GET', '/v1/notifications?nope=1', () => SERVICE, '', 400],
    ['a name alone', 'GET', '/v1/notifications?limit', () => SERVICE, '', 400],
    ['a query of nothing', 'GET', '/v1/notifications?&=&', () => SERVICE, '', 200],
    ['a question mark', 'GET', '/v1/notifications?', () => SERVICE, '', 200],
    ['whether it lives', 'GET', '/healthz', () => ({}), '', 200],
    ['whether it is ready', 'GET', '/readyz', () => person, '', 200],
    ['a body where none is taken', 'GET', '/v1/me', () => ({ ...person, ...sized('{"a":1}') }), '{"a":1}', 400],
    ['an empty object there', 'POST', '/v1/inbox/read-all', () => ({ ...person, ...sized('{}') }), '{}', 204],
    ['a body that is no JSON', 'POST', '/v1/notifications', () => ({ ...SERVICE, ...sized('{') }), '{', 400],
    ['no body', 'POST', '/v1/notifications', () => SERVICE, '', 400],
    ['a body that is wrong', 'POST', '/v1/events', () => ({ ...SERVICE, ...sized(GOOD) }), GOOD, 400],
    [
      'a body in chunks',
      'POST',
      '/v1/inbox/read-all',
      () => ({ ...person, 'transfer-encoding': 'chunked' }),
      '2\n{}\n0\n\n',
      204,
    ],
    [
      'a body too large by its length',
      'POST',
      '/v1/events',
      () => ({ ...SERVICE, 'content-length': '1048577' }),
      '',
      413,
    ],
    ['the same of nobody', 'POST', '/v1/events', () => ({ 'content-length': '1048577' }), '', 401],
    ['the same of who may not', 'POST', '/v1/events', () => ({ ...person, 'content-length': '1048577' }), '', 403],
    [
      'a key for repeats that is too long',
      'POST',
      '/v1/events',
      () => ({ ...SERVICE, 'idempotency-key': 'x'.repeat(256), ...sized('{"to":"all","type":"m"}') }),
      '{"to":"all","type":"m"}',
      400,
    ],
  ])('answer the same to %s', async (_, method, path, headers, body, status) => {
    await expectSame(method, path, headers(), body, status);
  });

  it('answer the same to what is about one item', async () => {
    const answer = await expectSame('GET', `/v1/inbox/${id}`, person, '', 200);
    expect(answer.at(-1)).toContain('"title":"Three"');
    await expectSame('POST', `/v1/inbox/${id}/archive`, person, '', 204);
  });

  it('know each other’s repeats', async () => {
    const headers = { connection: 'close', ...SERVICE, ...sized(GOOD), 'idempotency-key': 'once' };
    const first = await ask(request('POST', '/v1/notifications', { ...SHORT, ...headers }) + GOOD);
    const again = await ask(request('POST', '/v1/notifications', { ...LONG, ...headers }) + GOOD);
    expect([first.seen, again.seen]).toEqual([0, 1]);
    expect(first.answer[0]).toBe('HTTP/1.1 201 Created');
    expect(again.answer.filter((line) => line !== 'idempotent-replayed: true')).toEqual(first.answer);
    expect(again.answer).toContain('idempotent-replayed: true');
  });

  it('leave to the framework what is not plainly a call of the table', async () => {
    const closing = { connection: 'close', ...person };
    for (const [method, path, status] of [
      ['HEAD', '/v1/me', 200],
      ['OPTIONS', '/v1/me', 204],
      ['PUT', '/v1/me', 404],
      ['GET', '/v1/me/', 404],
      ['GET', '/v1//me', 404],
      ['POST', '/v1/inbox/x/burn', 404],
      ['GET', '/v1/../v1/me', 200],
      ['GET', '/v1/%6De', 200],
      ['GET', 'http://belfry/v1/me', 200],
      ['GET', '/v1/mine', 200],
      ['GET', '/v1/stream?wait=0', 200],
      ['HEAD', '/healthz', 200],
      ['GET', '/healthz?', 200],
    ] as const) {
      const { answer, seen } = await ask(request(method, path, closing));
      expect([path, answer[0]]).toEqual([path, expect.stringMatching(new RegExp(`^HTTP/1\\.1 ${status} `))]);
      expect(seen, path).toBe(1);
    }
  });

  it('cut off a client that goes on sending, by the drop, what was refused', async () => {
    for (const headers of [SHORT, LONG]) {
      const raw = await RawSocket.open(test.port);
      raw.send(request('POST', '/v1/events', { ...headers, ...SERVICE, 'content-length': '2000000' }));
      const drip = setInterval(() => raw.send('x'), 50);
      expect(await raw.end().finally(() => clearInterval(drip))).toMatch(/^HTTP\/1\.1 413 [\s\S]*too_large/);
    }
  });

  it('let a client that is slow and goes on at a pace read why it was refused, by the short door', async () => {
    const [piece, pieces] = ['x'.repeat(40_000), 50];
    const raw = await RawSocket.open(test.port);
    raw.socket.pause();
    const length = { 'content-length': `${piece.length * pieces}` };
    raw.send(request('POST', '/v1/events', { ...SHORT, ...SERVICE, ...length }));
    for (let sent = 0; sent < pieces; sent += 1) {
      raw.send(piece);
      await sleep(20);
    }
    raw.socket.resume();
    expect(await raw.until('too_large')).toMatch(/^HTTP\/1\.1 413 /);
    raw.close();
  });

  it('refuse a request with two hosts', async () => {
    const { answer } = await ask(request('GET', '/v1/me', { ...person, Host: 'other', connection: 'close' }));
    expect(answer[0]).toMatch(/ 400 /);
  });
});

it('the table of the short door finds every call that there is, and no other', () => {
  const table = new RouteTable(ROUTES);
  for (const route of ROUTES) {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
    const found = table.find(route.method, route.path.replaceAll(/\{\w+\}/g, 'x-7'));
    expect(found).toEqual({ route, params: Object.fromEntries(names.map((name) => [name, 'x-7'])) });
  }
  for (const path of ['/v1/inbox/', '/v1/inbox/a/b', '/v1/inbox/a/read/', '/v1', '/v1/notifications/a/b', 'x/v1/me']) {
    expect(table.find('GET', path), path).toBeNull();
  }
});
