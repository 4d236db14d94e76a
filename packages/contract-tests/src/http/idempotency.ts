import { describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import type { Sent } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

const BODY = { to: 'user:ada', type: 'm', title: 'Once' };

function keyed(key: string) {
  return { headers: { 'idempotency-key': key } };
}

/** `Idempotency-Key` on every call that creates. */
export function idempotencyContract(newWorld: NewWorld): void {
  describe('Idempotency-Key', () => {
    it.each([
      ['POST /v1/notifications', '/v1/notifications', BODY, 201],
      ['POST /v1/notifications/batch', '/v1/notifications/batch', { notifications: [BODY, BODY] }, 201],
      ['POST /v1/events', '/v1/events', { to: 'user:ada', type: 'app.tick', data: 1 }, 202],
    ])(
      'gives the first answer of %s again, marked as a replay, and does nothing twice',
      async (_, path, body, status) => {
        const world = newWorld();
        const ada = await world.person('ada');
        const stream = await (await ada.stream()).live();
        const first = await world.service.post(path, body, keyed('k'));
        const again = await world.service.post(path, body, keyed('k'));
        expect([first.status, again.status]).toEqual([status, status]);
        expect(again.body).toEqual(first.body);
        expect(first.headers.get('idempotent-replayed')).toBeNull();
        expect(again.headers.get('idempotent-replayed')).toBe('true');
        await world.emit('user:ada', 'app.last');
        const last = await stream.block(({ data }) => data?.includes('app.last') ?? false);
        expect(stream.seen.findIndex(({ id }) => id === last.id)).toBe(path.endsWith('batch') ? 2 : 1);
        await stream.close();
      },
    );

    it('is 409 for the same key with another body, another call, or another caller', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      await world.service.post('/v1/notifications', BODY, keyed('k'));
      const answers = [
        await world.service.post('/v1/notifications', { ...BODY, title: 'Other' }, keyed('k')),
        await world.service.post('/v1/notifications/batch', { notifications: [BODY] }, keyed('k')),
        await world.service.post('/v1/events', { to: 'all', type: 'a.b', data: 1 }, keyed('k')),
        await ada.post('/v1/notifications', BODY, keyed('k')),
      ];
      for (const answer of answers) expectProblem(answer, 'idempotency_mismatch');
      expect(await world.sentIds()).toHaveLength(1);
    });

    it('is a tenant’s own', async () => {
      const [one, other] = [newWorld(), newWorld()];
      const first = await one.service.post('/v1/notifications', BODY, keyed('shared'));
      const second = await other.service.post('/v1/notifications', BODY, keyed('shared'));
      expect(second.status).toBe(201);
      expect((second.body as Sent).id).not.toBe((first.body as Sent).id);
    });

    it('lets one of 20 identical requests through, however they race', async () => {
      const world = newWorld();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => world.service.post('/v1/notifications', BODY, keyed('race'))),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.map(({ body }) => (body as Sent).id)).size).toBe(1);
      const replays = answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true');
      expect(replays).toHaveLength(19);
      expect(await world.sentIds()).toHaveLength(1);
    });

    it('is not spent by a request that was refused', async () => {
      const world = newWorld();
      expectProblem(
        await world.service.post('/v1/notifications', { ...BODY, title: '' }, keyed('k')),
        'invalid',
        'title',
      );
      expect((await world.service.post('/v1/notifications', BODY, keyed('k'))).status).toBe(201);
    });

    it('gives the first answer also after what it made has been withdrawn', async () => {
      const world = newWorld();
      const first = await world.service.post('/v1/notifications', BODY, keyed('k'));
      await world.service.delete(`/v1/notifications/${(first.body as Sent).id}`);
      const again = await world.service.post('/v1/notifications', BODY, keyed('k'));
      expect(again).toMatchObject({ status: 201, body: first.body });
    });

    it('gives the first answer also when the redelivered message has expired since', async () => {
      const world = newWorld();
      const stream = await (await (await world.person('ada')).stream()).live();
      const body = { ...BODY, expiresAt: new Date(Date.now() + 1_000).toISOString() };
      const first = await world.service.post('/v1/notifications', body, keyed('k'));
      await stream.block(({ data }) => data?.includes('notification.withdrawn') ?? false, 'its end');
      await stream.close();
      const again = await world.service.post('/v1/notifications', body, keyed('k'));
      expect(again).toMatchObject({ status: 201, body: first.body });
      expect(again.headers.get('idempotent-replayed')).toBe('true');
    });

    it('takes 1 to 255 characters', async () => {
      const world = newWorld();
      expect((await world.service.post('/v1/notifications', BODY, keyed('x'.repeat(255)))).status).toBe(201);
      for (const key of ['', 'x'.repeat(256)]) {
        expectProblem(await world.service.post('/v1/notifications', BODY, keyed(key)), 'invalid', 'Idempotency-Key');
      }
      expect(await world.sentIds()).toHaveLength(1);
    });
  });
}
