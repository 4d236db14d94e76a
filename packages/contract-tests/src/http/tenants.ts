import type { BelfryEventType } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import { type Call, callsOf } from './support/calls.ts';
import { expectProblem } from './support/problem.ts';
import { ask } from './support/questions.ts';
import { change, newRun } from './support/runs.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

/** Right but for whose it is. */
const BODIES: Record<string, unknown> = {
  'PATCH /v1/notifications/{id}': { title: 'Mine now' },
  'PATCH /v1/runs/{id}': { message: 'Mine now' },
  'POST /v1/runs/{id}/logs': { lines: [{ text: 'Mine now' }] },
  'POST /v1/runs/{id}/events': { type: 'mine.now', data: 1 },
  'PATCH /v1/questions/{id}': { message: 'Mine now?' },
  'POST /v1/webhooks/{id}/rotate': {},
  'POST /v1/questions/{id}/answer': { action: 'decline' },
};

/** Everything that a tenant's people and services can see of it. */
async function picture(world: World): Promise<unknown> {
  const ada = await world.person('ada');
  const lists = [
    await world.service.get('/v1/notifications'),
    await world.service.get('/v1/questions'),
    await ada.get('/v1/inbox'),
    await ada.get('/v1/stream?wait=0'),
    await world.service.get('/v1/runs'),
    await world.service.get('/v1/webhooks'),
  ];
  // Of all this only what time it is may differ.
  return lists.map(({ body }) => ({ ...(body as object), serverTime: null }));
}

/** Ids of one tenant, by the beginning of the calls that are about them. */
async function idsOf(world: World): Promise<Record<string, string>> {
  const { id } = await world.send(['user:ada', 'all']);
  const hook = { url: 'https://hooks.example/', events: ['none'] };
  return {
    '/v1/notifications/': id,
    '/v1/inbox/': id,
    '/v1/questions/': (await ask(world.service, { to: ['user:ada', 'all'] })).id,
    '/v1/runs/': (await newRun(world, ['user:ada', 'all'])).id,
    '/v1/webhooks/': ((await world.service.post('/v1/webhooks', hook)).body as { id: string }).id,
  };
}

/** Calls that name no id, and what keeps them inside of their tenant is tested by name. `/v1/admin/` has no tenant. */
function namesAnId({ path }: Call): boolean {
  return path.includes('{') && !path.startsWith('/v1/admin/');
}

/** With every place for an id taken by one of these. @throws Error where there is a call that this test does not know. */
function urlFor({ path }: Call, ids: Record<string, string>): string {
  const id = Object.entries(ids).find(([beginning]) => path.startsWith(beginning))?.[1];
  if (id === undefined) throw new Error(`Make something of another tenant for ${path} here, and call it by that.`);
  return path.replaceAll(/\{\w+\}/g, id);
}

/** Everything that can happen in a tenant, to all and to Ada: the types of its events, as a service of it has them. */
async function everything(world: World): Promise<string[]> {
  const to = ['all', 'user:ada', 'topic:x'];
  const { service } = world;
  const [ada, stream] = [await world.person('ada', { channels: ['topic:x'] }), await (await service.stream()).live()];
  const [first, second] = [await world.send(to), await world.send(to)];
  await service.patch(`/v1/notifications/${first.id}`, { title: 'Edited' });
  await ada.post(`/v1/inbox/${first.id}/read`);
  await ada.post('/v1/inbox/read-all');
  await service.delete(`/v1/notifications/${second.id}`);
  const asked = [
    await ask(service, { to }),
    await ask(service, { to }),
    await ask(service, { to, expiresInSeconds: 1 }),
  ];
  await service.patch(`/v1/questions/${asked[0]?.id}`, { message: 'Ship it now?' });
  await ada.post(`/v1/questions/${asked[0]?.id}/answer`, { action: 'decline' });
  await service.post(`/v1/questions/${asked[1]?.id}/cancel`);
  const run = await newRun(world, to);
  await change(world, run, { status: 'running' });
  await change(world, run, { status: 'succeeded' });
  await world.emit(to, 'app.happened');
  await service.put('/v1/memberships', { channel: 'topic:y', user: 'ada' });
  await service.delete('/v1/memberships?channel=topic:y&user=ada');
  // A slow machine may be here later than the question expires.
  for (const last of ['"access.revoked"', '"question.expired"']) {
    await stream.block(({ data }) => data?.includes(last) === true, last);
  }
  await stream.close();
  return [...new Set(stream.seen.map(({ type }) => type))];
}

/** All but what is only in the stream of a run. A new one that is missing here does not compile. */
const EVENT_TYPES: Record<Exclude<BelfryEventType, 'run.log'>, true> = {
  'notification.created': true,
  'notification.updated': true,
  'notification.withdrawn': true,
  'notification.state': true,
  'question.opened': true,
  'question.updated': true,
  'question.answered': true,
  'question.expired': true,
  'question.cancelled': true,
  'run.created': true,
  'run.updated': true,
  'run.finished': true,
  'access.granted': true,
  'access.revoked': true,
};

/** Nothing crosses the wall between tenants. */
export function tenantsContract(newWorld: NewWorld): void {
  describe('tenants share nothing', () => {
    it('answers 404 on every call about an id of another tenant, and changes nothing there', async () => {
      const [ours, theirs] = [newWorld(), newWorld()];
      const ids = await idsOf(theirs);
      const before = await picture(theirs);
      const ada = await ours.person('ada');
      const calls = (await callsOf(ours)).filter(namesAnId);
      expect(calls.length).toBeGreaterThan(25);
      for (const call of calls) {
        const callers = call.path.startsWith('/v1/inbox') ? [ada] : [ours.service, ada];
        const name = `${call.method} ${call.path}`;
        for (const caller of callers) {
          const answer = await caller.call(call.method, urlFor(call, ids), BODIES[name]);
          if (caller === ada && answer.status === 403) continue;
          expect(answer.status, name).toBe(404);
          expectProblem(answer, 'not_found');
        }
      }
      expectProblem(await ada.post('/v1/inbox/marks', { ids: [ids['/v1/inbox/']], mark: 'read' }), 'not_found');
      expect(await picture(theirs)).toEqual(before);
    });

    it('lists and counts only its own, for people of the same name too', async () => {
      const [ours, theirs] = [newWorld(), newWorld()];
      await theirs.send(['user:ada', 'all', 'topic:x']);
      const ada = await ours.person('ada', { channels: ['topic:x'] });
      expect((await ada.get('/v1/inbox')).body).toMatchObject({ items: [], unread: 0, unseen: 0 });
      expect(await ours.sentIds()).toEqual([]);
      const stream = await (await ada.stream()).live();
      expect(await stream.frame('state')).toMatchObject({ notifications: { items: [], unread: 0 } });
      await stream.close();
    });

    it('never shows its events, of whatever type, on a stream of another, to people or services', async () => {
      const [ours, theirs] = [newWorld(), newWorld()];
      const ada = await ours.person('ada', { channels: ['topic:x'] });
      const streams = [await ada.stream(), await ours.service.stream()];
      for (const stream of streams) await stream.live();
      expect((await everything(theirs)).sort()).toEqual([...Object.keys(EVENT_TYPES), 'app.happened'].sort());
      const { cursor } = await ours.send('all');
      for (const stream of streams) {
        expect((await stream.messages(1))[0]?.id).toBe(cursor);
        expect(stream.seen).toHaveLength(1);
        await stream.close();
      }
    });

    it('does not resume by a cursor of another tenant: it starts anew, with its own state', async () => {
      const [ours, theirs] = [newWorld(), newWorld()];
      const mine = await ours.send('user:ada');
      await ours.send('user:ada');
      const foreign = [await theirs.send('all'), await theirs.send('all'), await theirs.send('all')];
      const ada = await ours.person('ada');
      for (const { cursor } of foreign) {
        const stream = await (await ada.stream('', { headers: { 'last-event-id': cursor } })).live();
        expect(await stream.frame('connected')).toMatchObject({ resumed: false, tenant: ours.tenant });
        expect(await stream.frame('state')).toMatchObject({ notifications: { unread: 2 } });
        await stream.close();
        expectProblem(await ada.post('/v1/ack', { device: 'phone', cursor }), 'invalid', 'cursor');
        expectProblem(await ada.post('/v1/inbox/read-all', { upTo: cursor }), 'invalid', 'upTo');
      }
      expect((await ada.get(`/v1/inbox/${mine.id}`)).body).toMatchObject({ readAt: null });
    });

    it('keeps marks of a person apart from those of the same name elsewhere', async () => {
      const [ours, theirs] = [newWorld(), newWorld()];
      await ours.send('all');
      await theirs.send('all');
      await (await ours.person('ada')).post('/v1/inbox/read-all');
      expect((await (await theirs.person('ada')).get('/v1/inbox/count')).body).toEqual({ unread: 1, unseen: 1 });
    });
  });
}
