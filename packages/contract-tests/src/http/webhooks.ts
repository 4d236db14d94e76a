import { webhookDeliveryShape, webhookShape } from '@belfry/protocol/schemas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { pause } from '../torture/pause.ts';
import { callsOf } from './support/calls.ts';
import { expectProblem } from './support/problem.ts';
import { Receiver, signatureOf } from './support/receiver.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

const madeShape = webhookShape.extend({ secret: z.string() }).strict();
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

type Delivery = z.output<typeof webhookDeliveryShape>;

async function add(world: World, url: string, more: Record<string, unknown> = {}) {
  const answer = await world.service.post('/v1/webhooks', { url, events: ['*'], ...more });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return madeShape.parse(answer.body);
}

async function deliveries(world: World, id: string, query = ''): Promise<Delivery[]> {
  const { status, body } = await world.service.get(`/v1/webhooks/${id}/deliveries${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return z.object({ items: z.array(webhookDeliveryShape.strict()), nextCursor: z.string().nullable() }).parse(body)
    .items;
}

/** Waits until there are so many deliveries of this status. */
async function ended(world: World, id: string, status: Delivery['status'], count = 1): Promise<Delivery[]> {
  for (let tries = 0; tries < 300; tries += 1) {
    const found = await deliveries(world, id, `?status=${status}&limit=100`);
    if (found.length >= count) return found;
    await pause(50);
  }
  throw new Error(`Waited in vain for ${count} ${status}: ${JSON.stringify(await deliveries(world, id))}`);
}

/** On a server that may send to loopback, and that tries again after 50 ms, twice. */
export function webhooksContract(newWorld: NewWorld): void {
  describe('webhooks', () => {
    let receiver: Receiver;
    beforeEach(async () => {
      receiver = await Receiver.start();
    });
    afterEach(() => receiver.close());

    it('are signed with the old secret beside the new for as long as was said, then with the new alone', async () => {
      const world = newWorld();
      const { id, secret: first } = await add(world, receiver.url);
      const rotate = async (body: object) => {
        const { status, body: rotated } = await world.service.post(`/v1/webhooks/${id}/rotate`, body);
        expect(status, JSON.stringify(rotated)).toBe(200);
        return madeShape.parse(rotated).secret;
      };
      const second = await rotate({});
      const third = await rotate({ secret: SECRET, overlapSeconds: 3_600 });
      expect([new Set([first, second, third]).size, third]).toEqual([3, SECRET]);
      await world.send('all');
      const [both] = await receiver.come(1);
      const signatures = [third, second, first].map((secret) => signatureOf(both as never, secret));
      expect(both?.headers['webhook-signature']).toBe(signatures.join(' '));
      const stolen = await add(world, `${receiver.url}/stolen`);
      const { body } = await world.service.post(`/v1/webhooks/${stolen.id}/rotate`, { overlapSeconds: 0 });
      await world.service.delete(`/v1/webhooks/${id}`);
      await world.send('all');
      const [, alone] = await receiver.come(2);
      expect(alone?.path).toBe('/stolen');
      expect(alone?.headers['webhook-signature']).toBe(signatureOf(alone as never, madeShape.parse(body).secret));
      expect((await world.service.get(`/v1/webhooks/${id}`)).body).not.toHaveProperty('secret');
    });

    it('get each event from now on, signed as Standard Webhooks says, with the envelope of a service', async () => {
      const world = newWorld();
      await world.send('all');
      const { secret } = await add(world, `${receiver.url}/hook?a=b`);
      expect(secret).toMatch(/^whsec_/);
      const sent = await world.send(['user:ada', 'all'], { title: 'Grüße 👋', data: { a: 1 } });
      const cursor = await world.emit('topic:x', 'build.done', { ok: true });
      const [one, other] = await receiver.come(2);
      const [first, second] = one?.body.type === 'build.done' ? [other, one] : [one, other];
      expect(first?.path).toBe('/hook?a=b');
      expect(first?.body).toEqual({
        type: 'notification.created',
        timestamp: sent.createdAt,
        time: sent.createdAt,
        tenant: world.tenant,
        channel: 'user:ada',
        to: ['user:ada', 'all'],
        cursor: sent.cursor,
        data: { notification: sent },
      });
      expect(second?.body).toMatchObject({ type: 'build.done', channel: 'topic:x', cursor, data: { ok: true } });
      for (const got of [first, second]) {
        expect(got?.headers['webhook-signature']).toBe(signatureOf(got as never, secret));
        expect(Math.abs(Number(got?.headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(30);
        expect(got?.headers['content-type']).toBe('application/json');
      }
      expect(first?.id).not.toBe(second?.id);
      expect(receiver.received).toHaveLength(2);
    });

    it('get only the types that they want, each by patterns of its own', async () => {
      const world = newWorld();
      await add(world, `${receiver.url}/builds`, { events: ['build.*'] });
      await add(world, `${receiver.url}/exact`, { events: ['deploy.done', 'notification.created'], secret: SECRET });
      for (const type of ['build.started', 'deploy.done', 'deploy.done2', 'build.done']) await world.emit('all', type);
      await world.send('all');
      const got = await receiver.come(4);
      expect(got.map(({ path, body }) => `${path} ${body.type}`).sort()).toEqual([
        '/builds build.done',
        '/builds build.started',
        '/exact deploy.done',
        '/exact notification.created',
      ]);
      const exact = got.find(({ path }) => path === '/exact');
      expect(exact?.headers['webhook-signature']).toBe(signatureOf(exact as never, SECRET));
    });

    it('get every event once when nothing fails, whoever publishes and however fast', async () => {
      const world = newWorld();
      const { id } = await add(world, receiver.url);
      const numbers = Array.from({ length: 200 }, (_, n) => n);
      await Promise.all(numbers.map((n) => world.emit('all', 'app.tick', n)));
      await receiver.come(200);
      await ended(world, id, 'delivered', 100);
      const got = receiver.received.map(({ body }) => body.data as number).sort((one, other) => one - other);
      expect(got).toEqual(numbers);
      expect(new Set(receiver.received.map((one) => one.id)).size).toBe(200);
    });

    it('are tried again after a refusal, under the same id, and then count as delivered', async () => {
      const world = newWorld();
      receiver.respond = (response, _, nth) => void response.writeHead(nth < 3 ? 500 : 200).end('wait\u0000\u001b[31m');
      const { id } = await add(world, receiver.url);
      await world.emit('all', 'app.tick');
      await receiver.come(3);
      expect(new Set(receiver.received.map((one) => one.id)).size).toBe(1);
      const [delivery] = await ended(world, id, 'delivered');
      expect(delivery).toMatchObject({ attempts: 3, error: null, nextAt: null, type: 'app.tick' });
      expect(delivery?.id).toBe(receiver.received[0]?.id);
    });

    it('become dead letters after the last try, and are sent again when they are driven', async () => {
      const world = newWorld();
      receiver.respond = (response) => void response.writeHead(500).end('no\u0000 \u001b[31m\r\nway');
      const { id } = await add(world, receiver.url);
      for (const n of [1, 2, 3]) await world.emit('all', 'app.tick', n);
      const dead = await ended(world, id, 'dead', 3);
      for (const one of dead) {
        expect(one).toMatchObject({ attempts: 3, error: 'It answered 500: no [31m way', nextAt: null });
      }
      receiver.respond = (response) => void response.writeHead(204).end();
      const path = `/v1/webhooks/${id}/deliveries/${dead[0]?.id}/redrive`;
      const redriven = await world.service.post(path);
      expect(redriven).toMatchObject({ status: 200, body: { id: dead[0]?.id, status: 'pending', attempts: 0 } });
      expect((await ended(world, id, 'delivered')).map((one) => one.id)).toEqual([dead[0]?.id]);
      expect(await world.service.post(`/v1/webhooks/${id}/redrive`)).toMatchObject({ body: { redriven: 2 } });
      await ended(world, id, 'delivered', 3);
      expect(new Set(receiver.received.map((one) => one.id)).size).toBe(3);
      expect(await world.service.post(`/v1/webhooks/${id}/redrive`)).toMatchObject({ body: { redriven: 0 } });
    });

    it('are given up at once where the endpoint says that it is gone', async () => {
      const world = newWorld();
      receiver.respond = (response) => void response.writeHead(410).end();
      const { id } = await add(world, receiver.url);
      await world.emit('all', 'app.tick');
      expect(await ended(world, id, 'dead')).toMatchObject([{ attempts: 1, error: 'It answered 410' }]);
    });

    it('follow no redirect: it is a failure that says so', async () => {
      const world = newWorld();
      receiver.respond = (response) => void response.writeHead(302, { location: `${receiver.url}/else` }).end();
      const { id } = await add(world, `${receiver.url}/first`);
      await world.emit('all', 'app.tick');
      const [dead] = await ended(world, id, 'dead');
      expect(dead?.error).toMatch(/^It answered 302, a redirect, which is not followed/);
      expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(['/first']));
    });

    it('that hang, or answer without end, hold up no other, and fail in the end', async () => {
      const world = newWorld();
      const hung = await Receiver.start();
      hung.respond = (response, { path }) => {
        if (path === '/endless') response.writeHead(500).write('x'.repeat(70_000));
      };
      const stuck = await add(world, `${hung.url}/silent`, { events: ['app.first'] });
      const endless = await add(world, `${hung.url}/endless`, { events: ['app.first'] });
      await add(world, receiver.url);
      for (let n = 0; n < 3; n += 1) await world.emit('all', 'app.first');
      for (let n = 0; n < 40; n += 1) await world.emit('all', 'app.tick', n);
      await receiver.come(43);
      expect(await deliveries(world, stuck.id, '?status=delivered')).toEqual([]);
      const [timedOut] = await ended(world, stuck.id, 'dead');
      expect(timedOut?.error).toMatch(/^No answer within \d+ ms\.$/);
      const [cut] = await ended(world, endless.id, 'dead');
      expect(cut?.error).toMatch(/^It answered 500: x{200}…$/);
      await hung.close();
    });

    it('tell in words that nothing listens there', async () => {
      const world = newWorld();
      const gone = await Receiver.start();
      const { url } = gone;
      await gone.close();
      const { id } = await add(world, url);
      await world.emit('all', 'app.tick');
      expect(await ended(world, id, 'dead')).toMatchObject([
        { error: 'The connection was refused: nothing listens there.' },
      ]);
    });

    it('are listed and shown without their secret, and removed for good', async () => {
      const world = newWorld();
      const { secret, ...one } = await add(world, receiver.url);
      const { secret: _, ...other } = await add(world, receiver.url, { events: ['a.*', 'b', 'a.*'] });
      expect(other.events).toEqual(['a.*', 'b']);
      const listed = await world.service.get('/v1/webhooks');
      expect(listed).toMatchObject({ status: 200, body: { items: [one, other] } });
      expect(await world.service.get(`/v1/webhooks/${one.id}`)).toMatchObject({ status: 200, body: one });
      expect(JSON.stringify(listed.body)).not.toContain(secret);
      expect((await world.service.delete(`/v1/webhooks/${one.id}`)).status).toBe(204);
      expectProblem(await world.service.delete(`/v1/webhooks/${one.id}`), 'not_found');
      expectProblem(await world.service.get(`/v1/webhooks/${one.id}`), 'not_found');
      expectProblem(await world.service.get(`/v1/webhooks/${one.id}/deliveries`), 'not_found');
      await world.emit('all', 'a.x');
      expect((await receiver.come(1)).length).toBe(1);
    });

    it('page through their deliveries, newest first', async () => {
      const world = newWorld();
      const { id } = await add(world, receiver.url);
      for (const n of [1, 2, 3, 4, 5]) await world.emit('all', `app.t${n}`);
      await ended(world, id, 'delivered', 5);
      const types: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await world.service.get(`/v1/webhooks/${id}/deliveries?limit=2${cursor && `&cursor=${cursor}`}`);
        const { items, nextCursor } = page.body as { items: Delivery[]; nextCursor: string | null };
        types.push(...items.map(({ type }) => type));
        cursor = nextCursor;
      }
      expect(types).toEqual(['app.t5', 'app.t4', 'app.t3', 'app.t2', 'app.t1']);
    });

    it('of a tenant never get another’s events', async () => {
      const [ours, theirs] = [newWorld(), newWorld()];
      await add(ours, receiver.url);
      await theirs.emit('all', 'app.theirs');
      await theirs.send('all');
      await ours.emit('all', 'app.ours');
      expect((await receiver.come(1)).map(({ body }) => body.type)).toEqual(['app.ours']);
    });

    it('of a tenant are not there for another: each call about them is 404, and changes nothing', async () => {
      const [ours, theirs] = [newWorld(), newWorld()];
      const { id, secret: _, ...made } = await add(theirs, receiver.url);
      const mine = await add(ours, receiver.url, { events: ['none'] });
      await theirs.emit('all', 'app.tick');
      const before = await ended(theirs, id, 'delivered');
      const paths = (await callsOf(ours)).filter(({ path }) => path.startsWith('/v1/webhooks/{id}'));
      expect(paths).toHaveLength(6);
      for (const { method, path } of paths) {
        const url = path.replace('{delivery}', String(before[0]?.id));
        const body = method === 'POST' ? {} : undefined;
        expectProblem(await ours.service.call(method, url.replace('{id}', id), body), 'not_found');
      }
      expectProblem(
        await ours.service.post(`/v1/webhooks/${mine.id}/deliveries/${before[0]?.id}/redrive`),
        'not_found',
      );
      expect(await deliveries(theirs, id)).toEqual(before);
      expect((await theirs.service.get(`/v1/webhooks/${id}`)).body).toEqual({ id, ...made });
    });

    it('are at most 50 a tenant, however many are added at once', async () => {
      const world = newWorld();
      const adding = Array.from({ length: 60 }, () =>
        world.service.post('/v1/webhooks', { url: receiver.url, events: ['none'] }),
      );
      const statuses = (await Promise.all(adding)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(50);
      expect(statuses.filter((status) => status === 400)).toHaveLength(10);
    });
  });
}
