import { Caller } from '@belfry/contract-tests/http';
import { describe, expect, it } from 'vitest';
import { API_KEY, startServer, tokenFor } from './support/start.ts';

describe('a restart on the same folder', () => {
  it('keeps notifications, marks, keys, idempotency and acks', async () => {
    const test = await startServer();
    const service = new Caller(test.url, { authorization: `Bearer ${API_KEY}` });
    const ada = new Caller(test.url, { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` });
    const key = (await service.post('/v1/admin/keys', { name: 'x', scopes: ['read'] })).body as { secret: string };
    const once = { headers: { 'idempotency-key': 'k' } };
    const note = { to: 'user:ada', type: 'm', title: 'Kept' };
    const sent = (await service.post('/v1/notifications', note, once)).body as { id: string; cursor: string };
    await ada.post(`/v1/inbox/${sent.id}/seen`);
    await ada.post('/v1/ack', { device: 'phone', cursor: sent.cursor });
    const before = [(await ada.get('/v1/inbox')).body, (await service.get('/v1/notifications')).body];

    await test.restart();
    expect([(await ada.get('/v1/inbox')).body, (await service.get('/v1/notifications')).body]).toEqual(before);
    const again = await service.post('/v1/notifications', note, once);
    expect(again.body).toEqual(sent);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const reader = new Caller(test.url, { authorization: `Bearer ${key.secret}` });
    expect((await reader.get('/v1/notifications')).status).toBe(200);
    const stream = await (await ada.stream('?device=phone&state=none')).live();
    expect(await stream.frame('connected')).toMatchObject({ resumed: true });
    await stream.close();
    await test.stop();
  });

  it('lets a stream go on where it was, by its cursor', async () => {
    const test = await startServer();
    const service = new Caller(test.url, { authorization: `Bearer ${API_KEY}` });
    const ada = new Caller(test.url, { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` });
    const emit = (data: number) => service.post('/v1/events', { to: 'user:ada', type: 'app.tick', data });
    const first = await (await ada.stream()).live();
    await emit(1);
    await first.messages(1);
    await test.restart();
    await first.end();
    expect(await first.frame('closing')).toMatchObject({ reason: 'drain' });
    await emit(2);
    const back = await (await ada.stream('', { headers: { 'last-event-id': first.lastId } })).live();
    expect(await back.frame('connected')).toMatchObject({ resumed: true });
    await emit(3);
    expect((await back.messages(2)).map(({ data }) => data)).toEqual([2, 3]);
    await back.close();
    await test.stop();
  });

  it('lets a ticket resume its stream, also when the process that held it could not let go', async () => {
    const test = await startServer();
    const ada = new Caller(test.url, { authorization: `Bearer ${await tokenFor({ sub: 'ada' })}` });
    const anyone = new Caller(test.url, {});
    const { ticket } = (await ada.post('/v1/tickets')).body as { ticket: string };
    const stream = await (await anyone.stream(`?ticket=${ticket}`)).live();
    // As after a kill: the ticket is held, and no stream has it.
    const { ticket: orphan } = (await ada.post('/v1/tickets')).body as { ticket: string };
    await test.server.core.tickets.claim(orphan, false);
    await test.restart();
    for (const one of [ticket, orphan]) {
      const back = await anyone.stream(`?ticket=${one}`, { headers: { 'last-event-id': stream.lastId } });
      expect(await back.frame('connected')).toMatchObject({ user: 'ada', resumed: true });
      await back.close();
    }
    expect((await anyone.get(`/v1/stream?ticket=${ticket}`)).status).toBe(401);
    await test.stop();
  });
});
