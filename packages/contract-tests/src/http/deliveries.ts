import { describe, expect, it } from 'vitest';
import type { Caller } from './support/caller.ts';
import { expectProblem } from './support/problem.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

interface Deliveries {
  channels: Record<string, number | string>[];
  recipients: { user: string; status: string; at: string }[];
  nextCursor: string | null;
}

async function deliveriesOf(world: World, id: string, query = ''): Promise<Deliveries> {
  const { body, status } = await world.service.get(`/v1/notifications/${id}/deliveries${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as Deliveries;
}

async function statuses(world: World, id: string): Promise<Record<string, string>> {
  const { recipients } = await deliveriesOf(world, id);
  return Object.fromEntries(recipients.map(({ user, status }) => [user, status]));
}

/** Who comes and goes is written down twice a second. */
function becomes(world: World, id: string, wanted: Record<string, string>) {
  return expect.poll(() => statuses(world, id), { timeout: 30_000, interval: 50 }).toEqual(wanted);
}

/** A person who has been here once. */
async function visitor(world: World, user: string, claims: Record<string, unknown> = {}): Promise<Caller> {
  const caller = await world.person(user, claims);
  expect((await caller.get('/v1/stream?wait=0')).status).toBe(200);
  return caller;
}

/** What became of each delivery. */
export function deliveriesContract(newWorld: NewWorld): void {
  describe('deliveries', () => {
    it('B3: go from stored to sent, delivered, seen and read, person by person', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const early = await world.send('user:ada');
      expect(await statuses(world, early.id)).toEqual({ ada: 'stored' });
      const stream = await (await ada.stream('?device=phone')).live();
      const { id, cursor } = await world.send('user:ada');
      await stream.messages(1);
      await becomes(world, id, { ada: 'sent' });
      await becomes(world, early.id, { ada: 'sent' });
      await ada.post('/v1/ack', { device: 'phone', cursor });
      expect(await statuses(world, id)).toEqual({ ada: 'delivered' });
      await ada.post(`/v1/inbox/${id}/seen`);
      expect(await statuses(world, id)).toEqual({ ada: 'seen' });
      await ada.post(`/v1/inbox/${id}/read`);
      expect(await deliveriesOf(world, id)).toMatchObject({
        channels: [{ channel: 'user:ada', stored: 1, sent: 1, delivered: 1, seen: 1, read: 1, failed: 0 }],
        recipients: [{ user: 'ada', status: 'read', at: expect.stringMatching(/Z$/) }],
        nextCursor: null,
      });
      await stream.close();
      const later = await world.send('user:ada');
      await becomes(world, later.id, { ada: 'stored' });
    });

    it('count for a shared channel those who ever connected and hold it, each by the first channel that is theirs', async () => {
      const world = newWorld();
      await visitor(world, 'ada', { roles: ['dev'] });
      await visitor(world, 'ben', { channels: ['topic:p/*'] });
      await visitor(world, 'cy');
      const { id } = await world.send(['role:dev', 'topic:p/x', 'user:dan', 'user:cy']);
      await becomes(world, id, { ada: 'stored', ben: 'stored', cy: 'stored', dan: 'stored' });
      const { channels } = await deliveriesOf(world, id);
      expect(channels.map(({ channel, stored }) => [channel, stored])).toEqual([
        ['role:dev', 1],
        ['topic:p/x', 1],
        ['user:dan', 1],
        ['user:cy', 1],
      ]);
      const toAll = await world.send(['all', 'user:ada']);
      // Cy, who is named above, may not have been written down yet.
      const stored = async () => (await deliveriesOf(world, toAll.id)).channels.map((one) => one.stored);
      await expect.poll(stored, { timeout: 30_000, interval: 50 }).toEqual([3, 0]);
    });

    it('count what was read by a mark of everything, for those who could see it', async () => {
      const world = newWorld();
      const ada = await visitor(world, 'ada', { channels: ['topic:x'] });
      const ben = await visitor(world, 'ben', { channels: ['topic:x'] });
      const { id } = await world.send('topic:x');
      await becomes(world, id, { ada: 'stored', ben: 'stored' });
      await ada.post('/v1/inbox/read-all');
      await ben.post('/v1/inbox/seen-all');
      expect(await statuses(world, id)).toEqual({ ada: 'read', ben: 'seen' });
      await ada.post(`/v1/inbox/${id}/unread`);
      expect(await statuses(world, id)).toEqual({ ada: 'seen', ben: 'seen' });
      const other = await world.person('ada');
      const hidden = await world.send('topic:x');
      await world.send('all');
      await other.post('/v1/inbox/read-all');
      expect(await statuses(world, hidden.id)).toEqual({ ada: 'stored', ben: 'stored' });
    });

    it('follow memberships on open streams', async () => {
      const world = newWorld();
      const stream = await (await (await world.person('ada')).stream()).live();
      await world.service.put('/v1/memberships', { channel: 'topic:x', user: 'ada' });
      const { id } = await world.send('topic:x');
      await becomes(world, id, { ada: 'sent' });
      await world.service.delete('/v1/memberships?channel=topic:x&user=ada');
      await becomes(world, (await world.send('topic:x')).id, {});
      await stream.close();
    });

    it('do not count what was sent to a stream that leaves things out', async () => {
      const world = newWorld();
      const ada = await visitor(world, 'ada');
      const stream = await (await ada.stream('?types=other')).live();
      const { id } = await world.send('all');
      const unfiltered = await (await (await world.person('ben')).stream()).live();
      await becomes(world, id, { ada: 'stored', ben: 'sent' });
      for (const open of [stream, unfiltered]) await open.close();
    });

    it('count those too who only ever had streams and polls that leave things out, for all that they hold', async () => {
      const world = newWorld();
      const channels = ['topic:x', 'topic:y'];
      const come = (user: string) => world.person(user, { channels });
      const streams = await Promise.all([
        (await (await come('ada')).stream('?types=other')).live(),
        (await (await come('ben')).stream('?channels=topic:y')).live(),
      ]);
      expect((await (await come('cy')).get('/v1/stream?wait=0&events=run.*')).status).toBe(200);
      await world.service.put('/v1/memberships', { channel: 'topic:z', user: 'ben' });
      const [toX, toZ] = [await world.send('topic:x'), await world.send('topic:z')];
      await becomes(world, toX.id, { ada: 'stored', ben: 'stored', cy: 'stored' });
      await becomes(world, toZ.id, { ben: 'stored' });
      for (const open of streams) await open.close();
    });

    it('are listed page by page, by name, with the counts of all', async () => {
      const world = newWorld();
      for (const user of ['cy', 'ada', 'ben']) await visitor(world, user);
      const { id } = await world.send('all');
      await becomes(world, id, { ada: 'stored', ben: 'stored', cy: 'stored' });
      const first = await deliveriesOf(world, id, '?limit=2');
      const rest = await deliveriesOf(world, id, `?limit=2&cursor=${first.nextCursor}`);
      expect([...first.recipients, ...rest.recipients].map(({ user }) => user)).toEqual(['ada', 'ben', 'cy']);
      expect([first, rest].map(({ channels }) => channels[0]?.stored)).toEqual([3, 3]);
      expect(rest.nextCursor).toBeNull();
      expectProblem(await world.service.get(`/v1/notifications/${id}/deliveries?cursor=!`), 'invalid', 'cursor');
    });

    it('are for services, and of what is there', async () => {
      const world = newWorld();
      const { id } = await world.send('user:ada');
      const ada = await world.person('ada');
      expectProblem(await ada.get(`/v1/notifications/${id}/deliveries`), 'forbidden');
      await world.service.delete(`/v1/notifications/${id}`);
      expectProblem(await world.service.get(`/v1/notifications/${id}/deliveries`), 'not_found');
    });
  });
}
