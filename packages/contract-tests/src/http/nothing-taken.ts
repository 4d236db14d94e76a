import { describe, expect, it } from 'vitest';
import { callsOf } from './support/calls.ts';
import { expectProblem } from './support/problem.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

/** Those who may make a call: one of them gets past 403. */
async function everyone(world: World) {
  return [world.service, await world.person('ada')];
}

/** What a call does not take is refused, not passed over: it was meant for something. */
export function nothingTakenContract(newWorld: NewWorld): void {
  describe('what a call does not take', () => {
    it('is told by name: an unknown query parameter, on every call but the streams', async () => {
      const world = newWorld();
      const sent = await world.send('user:ada');
      for (const { method, path } of await callsOf(world)) {
        if (path.endsWith('/stream')) continue;
        const url = `${path.replace('{id}', sent.id)}?nope=1`;
        const answers = await Promise.all((await everyone(world)).map((caller) => caller.call(method, url)));
        const judged = answers.find(({ status }) => status !== 403);
        expect(judged, `${method} ${path}`).toBeDefined();
        expectProblem(judged as NonNullable<typeof judged>, 'invalid', 'nope');
      }
      expect(await world.sentIds()).toEqual([sent.id]);
      const ada = await world.person('ada');
      expect((await ada.get('/v1/stream?wait=0&nope=1')).status).toBe(200);
    });

    it('is refused: a body where none is taken; an empty object is none', async () => {
      const world = newWorld();
      const sent = await world.send('user:ada');
      const calls = (await callsOf(world)).filter(({ method, hasBody }) => method !== 'GET' && !hasBody);
      expect(calls.length).toBeGreaterThanOrEqual(8);
      for (const { method, path, leastQuery } of calls) {
        const url = path.replace('{id}', sent.id) + leastQuery;
        for (const [raw, field] of [
          ['{"nope":1}', 'nope'],
          ['[]', 'body'],
          ['null', 'body'],
          ['junk', 'body'],
        ] as const) {
          const made = (await everyone(world)).map((caller) => caller.call(method, url, undefined, { raw }));
          const judged = (await Promise.all(made)).find(({ status }) => status !== 403);
          expectProblem(judged as NonNullable<typeof judged>, 'invalid', field);
        }
      }
      const ada = await world.person('ada');
      expect((await ada.get('/v1/inbox')).body).toMatchObject({ items: [{ id: sent.id, seenAt: null, readAt: null }] });
      for (const raw of ['{}', '']) {
        expect((await ada.post(`/v1/inbox/${sent.id}/read`, undefined, { raw })).status).toBe(204);
        expect((await ada.post('/v1/tickets', undefined, { raw })).status).toBe(201);
      }
    });

    it('is refused by its size first', async () => {
      const ada = await newWorld().person('ada');
      const raw = ' '.repeat(1_048_577);
      expectProblem(await ada.post('/v1/tickets', undefined, { raw }), 'too_large', 'body');
    });
  });
}
