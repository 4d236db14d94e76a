import { meShape, ticketShape } from '@belfry/protocol/schemas';
import { describe, expect, it } from 'vitest';
import { Caller } from './support/caller.ts';
import { expectProblem } from './support/problem.ts';
import type { StreamReader } from './support/stream-reader.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

async function ticketOf(person: Caller): Promise<string> {
  const answer = await person.post('/v1/tickets');
  expect(answer.status).toBe(201);
  return ticketShape.strict().parse(answer.body).ticket;
}

function openBy(world: World, ticket: string, cursor?: string, query = ''): Promise<StreamReader> {
  const headers: Record<string, string> = cursor === undefined ? {} : { 'last-event-id': cursor };
  return world.anyone.stream(`?ticket=${ticket}${query}`, { headers });
}

/** A stream that a released ticket opens: the release follows the end of the stream before it, a moment later. */
async function resumeBy(world: World, ticket: string, cursor: string, query = ''): Promise<StreamReader> {
  for (let tries = 0; tries < 50; tries += 1) {
    const stream = await openBy(world, ticket, cursor, query);
    if (stream.response.status === 200) return stream;
    await stream.end();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The ticket was not released.');
}

async function refusedWith401(stream: StreamReader): Promise<void> {
  expect(stream.response.status).toBe(401);
  await stream.end();
}

/** `GET /v1/me`, and tickets from their making to their end. */
export function ticketsContract(newWorld: NewWorld): void {
  describe('GET /v1/me', () => {
    it('says who the token speaks of', async () => {
      const world = newWorld();
      const claims = {
        name: 'Ada',
        avatarUrl: 'https://a.example/a.png',
        roles: ['dev'],
        channels: ['topic:x'],
        scope: 'read',
      };
      const { status, body } = await (await world.person('ada', claims)).get('/v1/me');
      expect(status).toBe(200);
      const { scope: _, ...told } = claims;
      expect(meShape.strict().parse(body)).toMatchObject({
        ...told,
        user: 'ada',
        tenant: world.tenant,
        readOnly: true,
        since: null,
      });
    });

    it('says from when shared items are theirs', async () => {
      const since = Date.parse('2026-01-31T12:00:00Z');
      const { body } = await (await newWorld().person('ada', { since: since / 1_000 })).get('/v1/me');
      expect(meShape.strict().parse(body).since).toBe('2026-01-31T12:00:00.000Z');
    });

    it('shows a name without control characters, and no avatar for an empty address', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { name: 'A\u0000d\n\ta\u007f\u0085', avatarUrl: '' });
      expect((await ada.get('/v1/me')).body).toMatchObject({ name: 'Ada', avatarUrl: null });
    });
  });

  describe('POST /v1/tickets', () => {
    it('answers a ticket that is good for about 30 s until first used', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { body } = await ada.post('/v1/tickets');
      const left = Date.parse(ticketShape.strict().parse(body).expiresAt) - Date.now();
      expect(left).toBeGreaterThan(25_000);
      expect(left).toBeLessThanOrEqual(30_000);
    });

    it('says no later end than that of the token', async () => {
      const world = newWorld();
      const exp = Math.floor(Date.now() / 1_000) + 10;
      const { body } = await (await world.person('ada', { exp })).post('/v1/tickets');
      expect(Date.parse(ticketShape.strict().parse(body).expiresAt)).toBe(exp * 1_000);
    });

    it('is not spent by a first request that is refused', async () => {
      const world = newWorld();
      const ticket = await ticketOf(await world.person('ada'));
      for (const [query, code] of [
        ['&state=all', 'invalid'],
        ['&wait=junk', 'invalid'],
        ['&channels=user:ben', 'forbidden'],
      ] as const) {
        const { status, body } = await world.anyone.get(`/v1/stream?ticket=${ticket}${query}`);
        expect({ status, body }).toMatchObject({ status: code === 'invalid' ? 400 : 403, body: { code } });
      }
      const stream = await (await openBy(world, ticket)).live();
      await stream.close();
      await refusedWith401(await openBy(world, ticket));
    });

    it('takes lastEventId from the address too, where the header wins', async () => {
      const world = newWorld();
      const { cursor } = await world.send('user:ada');
      const later = await world.send('user:ada');
      const ticket = await ticketOf(await world.person('ada'));
      const first = await (await openBy(world, ticket, undefined, `&lastEventId=${cursor}`)).live();
      expect(await first.frame('connected')).toMatchObject({ resumed: true });
      expect((await first.messages(1)).map(({ id }) => id)).toEqual([later.cursor]);
      await first.close();
      const back = await (await resumeBy(world, ticket, later.cursor, `&lastEventId=${cursor}`)).live();
      expect(back.seen).toEqual([]);
      await back.close();
    });

    it('opens a stream as that person, with nothing else to show', async () => {
      const world = newWorld();
      const { id } = await world.send('user:ada');
      const stream = await openBy(world, await ticketOf(await world.person('ada')));
      expect(await stream.frame('connected')).toMatchObject({ user: 'ada', tenant: world.tenant });
      expect(await stream.frame('state')).toMatchObject({ notifications: { items: [{ id }] } });
      await stream.close();
    });

    it('opens one of two streams that come at once', async () => {
      const world = newWorld();
      const ticket = await ticketOf(await world.person('ada'));
      const streams = await Promise.all(Array.from({ length: 5 }, () => openBy(world, ticket)));
      const statuses = streams.map(({ response }) => response.status).sort();
      expect(statuses).toEqual([200, 401, 401, 401, 401]);
      await Promise.all(streams.map((stream) => stream.close()));
    });

    it('is not good for a second stream while its own is open, also with a Last-Event-ID', async () => {
      const world = newWorld();
      const ticket = await ticketOf(await world.person('ada'));
      const stream = await (await openBy(world, ticket)).live();
      await refusedWith401(await openBy(world, ticket));
      await refusedWith401(await openBy(world, ticket, stream.lastId));
      await stream.close();
    });

    it('resumes its own stream after that has ended, and not without a Last-Event-ID', async () => {
      const world = newWorld();
      const ticket = await ticketOf(await world.person('ada'));
      const first = await (await openBy(world, ticket)).live();
      await first.close();
      const { cursor } = await world.send('user:ada');
      const back = await (await resumeBy(world, ticket, first.lastId)).live();
      expect(await back.frame('connected')).toMatchObject({ resumed: true });
      expect((await back.messages(1)).map(({ id }) => id)).toEqual([cursor]);
      await back.close();
      await refusedWith401(await openBy(world, ticket));
      await (await resumeBy(world, ticket, back.lastId)).close();
    });

    it('remembers the access of its stream: other filters start anew', async () => {
      const world = newWorld();
      const ticket = await ticketOf(await world.person('ada'));
      const first = await (await openBy(world, ticket)).live();
      await first.close();
      const back = await resumeBy(world, ticket, first.lastId, '&types=comment');
      expect(await back.frame('connected')).toMatchObject({ resumed: false, reason: 'access' });
      await back.frame('state');
      await back.close();
    });

    it('ends with the token that it came from', async () => {
      const world = newWorld();
      const exp = Math.floor(Date.now() / 1_000) + 3;
      const ticket = await ticketOf(await world.person('ada', { exp }));
      const stream = await openBy(world, ticket);
      expect(await stream.frame('closing')).toMatchObject({ reason: 'token_expired' });
      await stream.end();
      await refusedWith401(await openBy(world, ticket, stream.lastId));
    });

    it('may be had and used by a read-only person, and not by a service', async () => {
      const world = newWorld();
      const stream = await openBy(world, await ticketOf(await world.person('eve', { scope: 'read' })));
      expect(await stream.frame('connected')).toMatchObject({ user: 'eve', readOnly: true });
      await stream.close();
      expectProblem(await world.service.post('/v1/tickets'), 'forbidden');
    });

    it('is good for nothing but a stream', async () => {
      const world = newWorld();
      const ticket = await ticketOf(await world.person('ada'));
      expectProblem(await world.anyone.get(`/v1/me?ticket=${ticket}`), 'unauthenticated');
      expectProblem(await world.keyed(ticket).get('/v1/notifications'), 'unauthenticated');
    });

    it('refuses a made-up one, an empty one, and a long-lived token in its place', async () => {
      const world = newWorld();
      const token = await world.harness.tokenFor({ sub: 'ada', tenant: world.tenant });
      for (const ticket of ['bt_made-up', '', token, world.harness.apiKey, 'x'.repeat(5_000)]) {
        const caller = new Caller(world.harness.url, {});
        expectProblem(await caller.get(`/v1/stream?ticket=${ticket}`), 'unauthenticated');
      }
      expectProblem(await world.anyone.get(`/v1/stream?token=${token}`), 'unauthenticated');
    });
  });
}
