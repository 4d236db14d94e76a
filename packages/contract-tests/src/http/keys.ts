import { apiKeyShape } from '@belfry/protocol/schemas';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { expectProblem } from './support/problem.ts';
import type { NewWorld } from './support/worlds.ts';

const NOTE = { to: 'all', type: 'm', title: 'x' };

/** API keys, and what each may do. */
export function keysContract(newWorld: NewWorld): void {
  describe('API keys', () => {
    it('are made with 201, their secret told once, listed without it, and removed with 204', async () => {
      const world = newWorld();
      const made = await world.service.post('/v1/admin/keys', {
        name: 'ci',
        scopes: ['publish'],
        tenant: world.tenant,
      });
      expect(made.status).toBe(201);
      const { key, secret } = z.strictObject({ key: apiKeyShape.strict(), secret: z.string() }).parse(made.body);
      expect(key).toMatchObject({ name: 'ci', scopes: ['publish'], tenant: world.tenant });
      const listed = await world.service.get('/v1/admin/keys');
      const { items } = z.strictObject({ items: z.array(apiKeyShape.strict()) }).parse(listed.body);
      expect(items).toContainEqual(key);
      expect(JSON.stringify(listed.body)).not.toContain(secret);
      expect((await world.service.delete(`/v1/admin/keys/${key.id}`)).status).toBe(204);
      expectProblem(await world.service.delete(`/v1/admin/keys/${key.id}`), 'not_found');
      expectProblem(await world.keyed(secret).post('/v1/notifications', NOTE), 'unauthenticated');
    });

    it('may do what their scopes say and nothing else', async () => {
      const world = newWorld();
      const { id } = await world.send('all');
      const calls = {
        publish: (by: typeof world.service) => [
          by.post('/v1/notifications', NOTE),
          by.post('/v1/notifications/batch', { notifications: [NOTE] }),
          by.post('/v1/events', { to: 'all', type: 'a.b', data: 1 }),
          by.patch(`/v1/notifications/${id}`, { title: 'y' }),
        ],
        read: (by: typeof world.service) => [by.get('/v1/notifications'), by.get(`/v1/notifications/${id}`)],
        admin: (by: typeof world.service) => [by.get('/v1/admin/keys')],
        metrics: (by: typeof world.service) => [by.get('/metrics')],
      };
      for (const scope of ['publish', 'read', 'admin', 'metrics'] as const) {
        const caller = world.keyed((await world.key([scope])).secret);
        for (const [needed, make] of Object.entries(calls)) {
          for (const answer of await Promise.all(make(caller))) {
            if (needed === scope) expect(answer.status).toBeLessThan(300);
            else expectProblem(answer, 'forbidden');
          }
        }
      }
    });

    it('end with what is open by them: a removed key’s stream is closed, and others go on', async () => {
      const world = newWorld();
      const gone = await world.key(['read']);
      const stream = await (await world.keyed(gone.secret).stream()).live();
      const other = await (await world.keyed((await world.key(['read'])).secret).stream()).live();
      expect((await world.service.delete(`/v1/admin/keys/${gone.id}`)).status).toBe(204);
      expect(await stream.frame('closing')).toMatchObject({ reason: 'access' });
      const { id } = await world.send('all');
      const holdsIt = ({ data }: { data?: unknown }) => String(data).includes(String(id));
      await other.block(holdsIt);
      expect(stream.seen.some(holdsIt)).toBe(false);
      await other.close();
    });

    it('that could make keys end everywhere at once: a removed one makes no other', async () => {
      const world = newWorld();
      const { id, secret } = await world.key(['admin']);
      const admin = world.keyed(secret);
      const ask = () => Promise.all(Array.from({ length: 6 }, () => admin.get('/v1/admin/keys')));
      expect((await ask()).map(({ status }) => status)).toEqual(Array(6).fill(200));
      expect((await world.service.delete(`/v1/admin/keys/${id}`)).status).toBe(204);
      for (const answer of await ask()) expectProblem(answer, 'unauthenticated');
    });

    it('need read to follow a stream', async () => {
      const world = newWorld();
      const publisher = world.keyed((await world.key(['publish'])).secret);
      expectProblem(await publisher.get('/v1/stream'), 'forbidden');
      const stream = await world.keyed((await world.key(['read'])).secret).stream();
      await (await stream.live()).close();
    });

    it('bound to a tenant act in that one without naming it, and get 403 for another', async () => {
      const world = newWorld();
      const { id } = await world.send('all');
      const { secret } = await world.key(['publish', 'read', 'admin'], world.tenant);
      const bound = world.anyone.with({ authorization: `Bearer ${secret}` });
      expect((await bound.get(`/v1/notifications/${id}`)).status).toBe(200);
      const astray = bound.with({ 'belfry-tenant': newWorld().tenant });
      expectProblem(await astray.get('/v1/notifications'), 'forbidden', 'Belfry-Tenant');
      expectProblem(await bound.get('/v1/admin/keys'), 'forbidden');
      expectProblem(await bound.post('/v1/admin/keys', { name: 'x', scopes: ['read'] }), 'forbidden');
    });

    it('without a tenant act in default unless they name one, which must be a name', async () => {
      const world = newWorld();
      const { secret } = await world.key(['read']);
      const stream = await world.anyone.with({ authorization: `Bearer ${secret}` }).stream();
      expect(await stream.frame('connected')).toMatchObject({ tenant: 'default', user: null, channels: ['*'] });
      await stream.close();
      for (const name of ['a/b', ' ', '-x', 'x'.repeat(201)]) {
        const caller = world.keyed(secret).with({ 'belfry-tenant': name });
        expectProblem(await caller.get('/v1/notifications'), 'invalid', 'Belfry-Tenant');
      }
    });
  });
}
