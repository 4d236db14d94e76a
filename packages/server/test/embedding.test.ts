import { Caller, type StreamReader } from '@belfry/contract-tests/http';
import type { Person } from '@belfry/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

const SESSIONS = new Map<string, Person>([
  ['s-ada', { ...nobody('ada'), name: 'Ada', roles: ['dev'], channels: ['topic:product-7'] }],
  ['s-dan', { ...nobody('dan'), tenant: 'studio-1' }],
  ['s-other-dan', { ...nobody('dan'), tenant: 'studio-2' }],
  ['s-demo', { ...nobody('demo'), readOnly: true }],
]);

function nobody(user: string): Person {
  const none = { name: null, avatarUrl: null, roles: [], channels: [], readOnly: false, since: null, expiresAt: null };
  return { kind: 'person', tenant: 'default', user, ...none };
}

function sessionOf(request: Request): Person | null {
  const name = /(?:^|; )session=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return SESSIONS.get(name ?? '') ?? null;
}

describe('an app that decides by its own session who a request acts for', () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startServer({
      principal: sessionOf,
      extend: (app) => app.get('/hello', (c) => c.text('from the app')),
    });
  });
  afterAll(() => test.stop());

  const withCookie = (session: string, headers: Record<string, string> = {}) =>
    new Caller(test.url, { cookie: `session=${session}`, ...headers });

  it('A1: has one stream a signed-in user and 401 without a session; demo sessions read and do not write', async () => {
    expect((await new Caller(test.url, {}).get('/v1/stream')).status).toBe(401);
    expect((await withCookie('s-old').get('/v1/me')).status).toBe(401);
    const stream = await withCookie('s-ada').stream();
    expect(await stream.frame('connected')).toMatchObject({ user: 'ada', readOnly: false });
    await stream.close();
    const demo = withCookie('s-demo', { 'sec-fetch-site': 'same-origin' });
    expect((await demo.get('/v1/inbox')).status).toBe(200);
    expect((await demo.post('/v1/inbox/read-all')).status).toBe(403);
    expect((await demo.post('/v1/notifications', { type: 'm', title: 'x' })).status).toBe(403);
    const demoStream = await demo.stream();
    expect(await demoStream.frame('connected')).toMatchObject({ user: 'demo', readOnly: true });
    await demoStream.close();
  });

  it('sends from the app’s own code, with the same checks as over HTTP', async () => {
    const stream = await withCookie('s-ada').stream();
    const { id } = await test.server.notify({ to: 'user:ada', type: 'm', title: 'From the app itself' });
    const block = await stream.block(({ data }) => data?.includes(id) ?? false);
    expect(block.data).toContain('From the app itself');
    await test.server.publish({ to: 'all', type: 'build.finished', data: { ok: true } });
    await stream.block(({ data }) => data?.includes('build.finished') ?? false);
    await stream.close();
    await expect(test.server.notify({ to: 'nobody', type: 'm', title: 'x' })).rejects.toMatchObject({ field: 'to' });
  });

  it('gives grants from the session and nothing from tokens or keys', async () => {
    const stream = await withCookie('s-ada').stream();
    const { channels } = await stream.frame<{ channels: string[] }>('connected');
    expect(new Set(channels)).toEqual(new Set(['user:ada', 'all', 'role:dev', 'topic:product-7']));
    await stream.close();
    const keyed = new Caller(test.url, { authorization: `Bearer ${test.apiKey}` });
    expect((await keyed.get('/v1/notifications')).status).toBe(401);
  });

  it('goes by what the session says now, where the app has changed the very object that it gave before', async () => {
    const eve = { ...nobody('eve'), roles: ['dev'], channels: ['topic:a'] };
    SESSIONS.set('s-eve', eve);
    const told = async () => {
      const stream = await withCookie('s-eve').stream();
      const { channels } = await stream.frame<{ channels: string[] }>('connected');
      await stream.close();
      return new Set(channels);
    };
    expect(await told()).toEqual(new Set(['user:eve', 'all', 'role:dev', 'topic:a']));
    eve.roles.pop();
    eve.channels = ['topic:b'];
    expect(await told()).toEqual(new Set(['user:eve', 'all', 'topic:b']));
  });

  it('is guarded against other sites’ pages like the cookie of Belfry’s own', async () => {
    for (const headers of [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }] as Record<
      string,
      string
    >[]) {
      const answer = await withCookie('s-ada', headers).post('/v1/notifications', { type: 'm', title: 'x' });
      expect(answer.status).toBe(403);
    }
    const own = withCookie('s-ada', { origin: test.url });
    expect((await own.post('/v1/notifications', { type: 'm', title: 'x' })).status).toBe(201);
  });

  it('is guarded too where the session is asked for with an Authorization header in the request', async () => {
    // A page can't send this one across origins without a preflight, which is refused; nothing is lost by asking.
    const forged = withCookie('s-ada', { authorization: 'Basic eDp5', origin: 'https://evil.example' });
    expect((await forged.post('/v1/notifications', { type: 'm', title: 'x' })).status).toBe(403);
  });

  it('D1: takes user and organization from the session; each tab and device gets it, no other organization does', async () => {
    expect((await withCookie('s-gone').get('/v1/stream')).status).toBe(401);
    const sessions = ['s-dan', 's-dan', 's-dan', 's-other-dan'];
    const streams = await Promise.all(sessions.map(async (one) => (await withCookie(one).stream()).live()));
    const [first, , , other] = streams as [StreamReader, StreamReader, StreamReader, StreamReader];
    expect(await first.frame('connected')).toMatchObject({ tenant: 'studio-1', user: 'dan' });
    const { id } = await test.server.notify({ to: 'user:dan', type: 'm', title: 'Yours' }, { tenant: 'studio-1' });
    const last = await test.server.notify({ to: 'all', type: 'm', title: 'All of theirs' }, { tenant: 'studio-2' });
    const ids = (messages: Awaited<ReturnType<StreamReader['messages']>>) =>
      messages.map(({ data }) => (data.notification as { id: string }).id);
    for (const stream of streams.slice(0, 3)) expect(ids(await stream.messages(1))).toEqual([id]);
    expect(ids(await other.messages(1))).toEqual([last.id]);
    await Promise.all(streams.map((stream) => stream.close()));
  });

  it('D2: lets a signed-in person notify themselves, and answers the notification', async () => {
    const own = withCookie('s-ada', { 'sec-fetch-site': 'same-origin' });
    const { status, body } = await own.post('/v1/notifications', { type: 'welcome', title: 'Hi', actionUrl: '/start' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ channel: 'user:ada', title: 'Hi', actionUrl: '/start', readAt: null });
  });

  it('issues tickets for the session’s person', async () => {
    const { body } = await withCookie('s-ada', { 'sec-fetch-site': 'same-origin' }).post('/v1/tickets');
    const stream = await new Caller(test.url, {}).stream(`?ticket=${(body as { ticket: string }).ticket}`);
    expect(await stream.frame('connected')).toMatchObject({ user: 'ada' });
    await stream.close();
  });

  it('has its own routes beside Belfry’s', async () => {
    expect(await new Caller(test.url, {}).get('/hello')).toMatchObject({ status: 200, body: 'from the app' });
  });

  it('answers an error of the session function as internal, and says nothing of it', async () => {
    const broken = await startServer({
      principal: () => {
        throw new Error('db password is hunter2');
      },
    });
    const { status, body } = await new Caller(broken.url, {}).get('/v1/me');
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'internal' });
    expect(JSON.stringify(body)).not.toContain('hunter2');
    await broken.stop();
  });
});
