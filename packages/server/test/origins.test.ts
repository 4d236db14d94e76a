import { Caller, type StreamReader } from '@belfry/contract-tests/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, startServer, type TestServer, tokenFor } from './support/start.ts';
import { until } from './support/until.ts';

/** What the systems that Belfry replaces could do. The names are the lines of their list. */
describe('origins', () => {
  let test: TestServer;
  let service: Caller;
  beforeAll(async () => {
    test = await startServer();
    service = new Caller(test.url, { authorization: `Bearer ${API_KEY}` });
  });
  afterAll(() => test.stop());

  async function person(user: string, claims: Record<string, unknown> = {}): Promise<Caller> {
    return new Caller(test.url, { authorization: `Bearer ${await tokenFor({ sub: user, ...claims })}` });
  }

  async function send(to: string | string[], more: object = {}): Promise<{ id: string; cursor: string }> {
    const answer = await service.post('/v1/notifications', { to, type: 'info', title: 'Hello', ...more });
    expect(answer.status).toBe(201);
    return answer.body as { id: string; cursor: string };
  }

  async function resumed(caller: Caller, stream: StreamReader): Promise<StreamReader> {
    return (await caller.stream('', { headers: { 'last-event-id': stream.lastId } })).live();
  }

  it('A5: heartbeats, then a planned close, then on without state: nothing flickers and nothing is lost', async () => {
    const short = await startServer({ hub: { lifetimeMs: 2_000, heartbeatMs: 100 } });
    const by = (token: string) => new Caller(short.url, { authorization: `Bearer ${token}` });
    const ada = by(await tokenFor({ sub: 'ada' }));
    const first = await (await ada.stream()).live();
    await first.block(({ comment }) => comment === 'hb', 'a heartbeat');
    expect(await first.frame('closing')).toMatchObject({ reason: 'lifetime' });
    await first.end();
    const { body } = await by(API_KEY).post('/v1/notifications', { to: 'user:ada', type: 'm', title: 'x' });
    const second = await resumed(ada, first);
    expect(second.blocks.some(({ event }) => event === 'state')).toBe(false);
    expect(second.seen.map(({ id }) => id)).toEqual([(body as { cursor: string }).cursor]);
    await second.close();
    await short.stop();
  });

  it('A6: a hundred streams dropped abruptly leave no connection, stream or reader behind', async () => {
    const ada = await person('ada');
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    for (let round = 0; round < 5; round += 1) {
      const streams = await Promise.all(Array.from({ length: 20 }, () => ada.stream()));
      await Promise.all(streams.map((stream) => stream.close()));
    }
    await until(() => test.server.hub.stats.streams === 0, 'every stream to be freed');
    const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    await until(() => sockets() <= before + 2, 'every socket to be freed');
  });

  it('B1: a person’s channels come from who they are and their role; they may ask for fewer, never for more', async () => {
    const admin = await person('ada', { channels: ['topic:admin-dashboard'] });
    const user = await person('ben');
    const fewer = await (await admin.stream('?channels=topic:admin-dashboard')).live();
    await send('user:ada');
    await send('topic:admin-dashboard');
    expect((await fewer.messages(1))[0]?.channel).toBe('topic:admin-dashboard');
    await fewer.close();
    expect((await user.get('/v1/stream?channels=topic:admin-dashboard')).status).toBe(403);
    expect((await user.get('/v1/stream?channels=user:ada')).status).toBe(403);
    expect((await (await person('')).get('/v1/stream')).status).toBe(401);
    expect((await service.post('/v1/notifications', { to: 'user:', type: 'm', title: 'x' })).status).toBe(400);
  });

  it('B2: a message that comes twice is shown once', async () => {
    const cy = await person('cy');
    const stream = await (await cy.stream()).live();
    const message = { to: 'user:cy', type: 'order', title: 'Order 7' };
    const headers = { 'idempotency-key': 'topic-orders-offset-7' };
    for (let delivery = 0; delivery < 3; delivery += 1) await service.post('/v1/notifications', message, { headers });
    await send('user:cy', { title: 'Last' });
    const titles = (await stream.messages(2)).map(({ data }) => (data.notification as { title: string }).title);
    expect(titles).toEqual(['Order 7', 'Last']);
    await stream.close();
  });

  it('B4: channels and tenants that nobody listens to any more are dropped', async () => {
    const tenants = () => test.server.hub.stats.tenants;
    const eve = await person('eve', { tenant: 'b4' });
    await (await (await eve.stream()).live()).close();
    await until(() => test.server.hub.stats.streams === 0, 'the stream to be freed');
    await until(() => tenants() === 0, 'the tenant to be dropped');
  });

  it('D1: several tabs and devices of a user all get it, in their organization alone; 401 without a session', async () => {
    const [ours, theirs] = [await person('dan', { tenant: 'ours' }), await person('dan', { tenant: 'theirs' })];
    const streams = await Promise.all([ours, ours, ours, theirs].map(async (caller) => (await caller.stream()).live()));
    const tell = async (tenant: string) => {
      const message = { to: 'all', type: 'info', title: 'To the whole organization' };
      const answer = await service.with({ 'belfry-tenant': tenant }).post('/v1/notifications', message);
      return (answer.body as { cursor: string }).cursor;
    };
    const cursor = await tell('ours');
    for (const stream of streams.slice(0, 3)) expect((await stream.messages(1))[0]?.id).toBe(cursor);
    const own = await tell('theirs');
    expect((await streams[3]?.messages(1))?.[0]?.id).toBe(own);
    await Promise.all(streams.map((stream) => stream.close()));
    expect((await new Caller(test.url, {}).get('/v1/stream')).status).toBe(401);
  });

  it('D3: connected, then notifications with id, type, title, body, actionUrl, readAt and createdAt', async () => {
    const fay = await person('fay');
    const stream = await (await fay.stream()).live();
    const text = { type: 'booking', title: 'Studio 2 is yours', body: 'From 9:00', actionUrl: '/bookings/2' };
    const { id } = await send('user:fay', text);
    const [message] = await stream.messages(1);
    const createdAt = expect.stringMatching(/Z$/);
    expect(message?.data.notification).toMatchObject({ id, ...text, readAt: null, createdAt });
    expect(stream.blocks.find(({ event }) => event !== undefined)?.event).toBe('connected');
    await stream.close();
  });
});
