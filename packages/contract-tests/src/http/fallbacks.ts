import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import { Receiver } from './support/receiver.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

const FALLBACK = { afterSeconds: 1, until: 'seen' };
const SOON = { timeout: 30_000, interval: 50 };

async function add(world: World, url: string): Promise<string> {
  const made = await world.service.post('/v1/webhooks', { url, events: ['notification.fallback'] });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return (made.body as { id: string }).id;
}

async function statusOf(world: World, id: string, user: string): Promise<{ status: string; error?: string }> {
  const { body } = await world.service.get(`/v1/notifications/${id}/deliveries`);
  const { recipients } = body as { recipients: { user: string; status: string; error?: string }[] };
  return recipients.find((one) => one.user === user) as { status: string; error?: string };
}

/** On a server that may send to loopback, and that tries again after 50 ms, twice. */
export function fallbacksContract(newWorld: NewWorld): void {
  describe('fallbacks', () => {
    let receiver: Receiver;
    beforeEach(async () => {
      receiver = await Receiver.start();
    });
    afterEach(() => receiver.close());

    it('go to the webhook for those who have not seen it in time, and for nobody else', async () => {
      const world = newWorld();
      await add(world, receiver.url);
      const ada = await world.person('ada');
      const sent = await world.send(['user:ada', 'user:ben', 'user:cy'], { fallback: FALLBACK });
      await ada.post(`/v1/inbox/${sent.id}/seen`);
      await (await world.person('cy')).post(`/v1/inbox/${sent.id}/archive`);
      const [got] = await receiver.come(1);
      expect(got?.body).toMatchObject({
        type: 'notification.fallback',
        tenant: world.tenant,
        cursor: sent.cursor,
        data: { notification: { id: sent.id, title: 'Hello' }, until: 'seen', users: ['ben'] },
      });
      expect(got?.headers['webhook-signature']).toMatch(/^v1,/);
    });

    it('until it is read: having seen it is not enough', async () => {
      const world = newWorld();
      await add(world, receiver.url);
      const [ada, ben] = [await world.person('ada'), await world.person('ben')];
      const { id } = await world.send(['user:ada', 'user:ben'], { fallback: { ...FALLBACK, until: 'read' } });
      await ada.post(`/v1/inbox/${id}/seen`);
      await ben.post('/v1/inbox/read-all');
      const [got] = await receiver.come(1);
      expect(got?.body).toMatchObject({ data: { users: ['ada'] } });
    });

    it('of a shared channel are for those who ever connected, a hundred to a delivery', async () => {
      const world = newWorld();
      await add(world, receiver.url);
      const people = Array.from({ length: 103 }, (_, n) => `p${n}`);
      for (const user of people) await (await world.person(user)).get('/v1/stream?wait=0&state=none');
      const { id } = await world.send('all', { fallback: { ...FALLBACK, afterSeconds: 2 } });
      const got = await receiver.come(2);
      const users = got.map(({ body }) => (body as { data: { users: string[] } }).data.users);
      expect(users.map(({ length }) => length).sort((a, b) => b - a)).toEqual([100, 3]);
      expect(users.flat().sort()).toEqual([...people].sort());
      expect(await statusOf(world, id, 'p10')).toMatchObject({ status: expect.stringMatching(/^(stored|sent)$/) });
    });

    it('that the endpoint gave up on say so with the error, and driven again they arrive', async () => {
      const world = newWorld();
      const webhook = await add(world, receiver.url);
      receiver.respond = (response) => void response.writeHead(500).end('out of ink');
      const { id } = await world.send('user:ada', { fallback: FALLBACK });
      await expect.poll(() => statusOf(world, id, 'ada'), SOON).toMatchObject({ status: 'failed' });
      expect((await statusOf(world, id, 'ada')).error).toContain('500');
      expect((await world.service.get(`/v1/notifications/${id}/deliveries`)).body).toMatchObject({
        channels: [{ channel: 'user:ada', stored: 1, failed: 1, error: expect.stringContaining('500') }],
      });
      receiver.respond = (response) => void response.writeHead(204).end();
      expect((await world.service.post(`/v1/webhooks/${webhook}/redrive`)).status).toBeLessThan(300);
      await expect.poll(() => statusOf(world, id, 'ada'), SOON).toMatchObject({ status: 'stored' });
    });

    it('without a webhook that wants them have failed, and say why', async () => {
      const world = newWorld();
      const { id } = await world.send('user:ada', { fallback: FALLBACK });
      await expect
        .poll(() => statusOf(world, id, 'ada'), SOON)
        .toEqual({ user: 'ada', status: 'failed', error: expect.stringContaining('webhook'), at: expect.anything() });
    });

    it('of what was withdrawn do not happen', async () => {
      const world = newWorld();
      await add(world, receiver.url);
      const gone = await world.send('user:ada', { fallback: FALLBACK });
      await world.service.delete(`/v1/notifications/${gone.id}`);
      const kept = await world.send('user:ben', { fallback: { ...FALLBACK, afterSeconds: 2 } });
      await receiver.come(1);
      const ids = receiver.received.map(({ body }) => (body.data as { notification: { id: string } }).notification.id);
      expect(ids).toEqual([kept.id]);
    });

    it.each([
      [{ afterSeconds: 0, until: 'seen' }, 'fallback.afterSeconds'],
      [{ afterSeconds: 1.5, until: 'seen' }, 'fallback.afterSeconds'],
      [{ afterSeconds: 2_592_001, until: 'seen' }, 'fallback.afterSeconds'],
      [{ afterSeconds: 60, until: 'archived' }, 'fallback.until'],
      [{ afterSeconds: 60 }, 'fallback.until'],
      [{ afterSeconds: 60, until: 'seen', to: 'x' }, 'fallback.to'],
    ])('refuses %j, naming %s', async (fallback, field) => {
      const body = { to: 'user:ada', type: 'm', title: 'x', fallback };
      expectProblem(await newWorld().service.post('/v1/notifications', body), 'invalid', field);
    });
  });
}
