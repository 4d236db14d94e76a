import { describe, expect, it } from 'vitest';
import { callsOf } from './support/calls.ts';
import { expectProblem } from './support/problem.ts';
import { ask } from './support/questions.ts';
import { newRun } from './support/runs.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

/** Right but for whose it is. */
const BODIES: Record<string, unknown> = {
  'PATCH /v1/notifications/{id}': { title: 'Mine now' },
  'PATCH /v1/runs/{id}': { message: 'Mine now' },
  'POST /v1/runs/{id}/logs': { lines: [{ text: 'Mine now' }] },
  'POST /v1/runs/{id}/events': { type: 'mine.now', data: 1 },
  'PATCH /v1/questions/{id}': { message: 'Mine now?' },
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
  ];
  return lists.map(({ body }) => body);
}

/** Of the kind that the call is about. */
function idFor(path: string, ids: { id: string; question: string; run: string }): string {
  if (path.startsWith('/v1/questions')) return ids.question;
  return path.startsWith('/v1/runs') ? ids.run : ids.id;
}

/** Nothing crosses the wall between tenants. */
export function tenantsContract(newWorld: NewWorld): void {
  describe('tenants share nothing', () => {
    it('answers 404 on every call about an id of another tenant, and changes nothing there', async () => {
      const [ours, theirs] = [newWorld(), newWorld()];
      const { id } = await theirs.send(['user:ada', 'all']);
      const question = await ask(theirs.service, { to: ['user:ada', 'all'] });
      const run = await newRun(theirs, ['user:ada', 'all']);
      const before = await picture(theirs);
      const ada = await ours.person('ada');
      const calls = (await callsOf(ours)).filter(({ path }) => path.includes('{id}') && !path.includes('/admin/'));
      expect(calls.length).toBeGreaterThan(8);
      for (const { method, path } of calls) {
        const callers = path.startsWith('/v1/inbox') ? [ada] : [ours.service, ada];
        const url = path.replace('{id}', idFor(path, { id, run: run.id, question: question.id }));
        for (const caller of callers) {
          const answer = await caller.call(method, url, BODIES[`${method} ${path}`]);
          if (caller === ada && answer.status === 403) continue;
          expectProblem(answer, 'not_found');
        }
      }
      expectProblem(await ada.post('/v1/inbox/marks', { ids: [id], mark: 'read' }), 'not_found');
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

    it('never shows its events on a stream of another, to people or services', async () => {
      const [ours, theirs] = [newWorld(), newWorld()];
      const ada = await ours.person('ada', { channels: ['topic:x'] });
      const streams = [await ada.stream(), await ours.service.stream()];
      for (const stream of streams) await stream.live();
      for (const to of ['all', 'user:ada', 'topic:x']) await theirs.send(to);
      const { cursor } = await ours.send('all');
      for (const stream of streams) {
        expect((await stream.messages(1))[0]?.id).toBe(cursor);
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
