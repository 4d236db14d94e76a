import { describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import { type Asked, answerIt, ask } from './support/questions.ts';
import type { NewWorld } from './support/worlds.ts';

/** `GET /v1/questions/{id}?wait=`. */
export function questionWaitContract(newWorld: NewWorld): void {
  describe('?wait= on a question', () => {
    it('ends with the answer soon after it, on every process', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const asked = await ask(world.service, { to: ['topic:nobody', 'user:ada'] });
      const path = `/v1/questions/${asked.id}?wait=30`;
      // Behind one address each of these is another connection, so several processes get some of them.
      const waits = [ada, ada, world.service, world.service].map(async (caller) => {
        const { body } = await caller.get(path);
        return { question: body as Asked, at: performance.now() };
      });
      await expectOpen(world.service, asked);
      const answered = (await answerIt(ada, asked)).body as Asked;
      const answeredAt = performance.now();
      for (const { question, at } of await Promise.all(waits)) {
        expect(question).toEqual(answered);
        // The time itself is measured elsewhere; a wait that nobody wakes takes thirty seconds.
        expect(at - answeredAt).toBeLessThan(5_000);
      }
    });

    it('answers at once where it is no longer open, and with the open one when the time is over', async () => {
      const world = newWorld();
      const asked = await ask(world.service, { to: 'all' });
      const path = `/v1/questions/${asked.id}`;
      expect((await world.service.get(`${path}?wait=1`)).body).toEqual(asked);
      expect((await world.service.get(`${path}?wait=0`)).body).toEqual(asked);
      await world.service.post(`${path}/cancel`);
      expect((await world.service.get(`${path}?wait=60`)).body).toMatchObject({ status: 'cancelled' });
    });

    it('ends when the question expires, or is cancelled, and not when it is edited', async () => {
      const world = newWorld();
      const [short, long] = [
        await ask(world.service, { to: 'all', expiresInSeconds: 1 }),
        await ask(world.service, { to: 'all' }),
      ];
      const waits = [short, long].map(({ id }) => world.service.get(`/v1/questions/${id}?wait=30`));
      expect((await waits[0])?.body).toMatchObject({ id: short.id, status: 'expired' });
      await world.service.patch(`/v1/questions/${long.id}`, { message: 'Still?' });
      await world.service.post(`/v1/questions/${long.id}/cancel`);
      expect((await waits[1])?.body).toMatchObject({ message: 'Still?', status: 'cancelled' });
    });

    it('is not for those who were not asked, and takes 0 to 60 seconds', async () => {
      const world = newWorld();
      const asked = await ask(world.service, { to: 'user:ada' });
      const ben = await world.person('ben');
      expectProblem(await ben.get(`/v1/questions/${asked.id}?wait=30`), 'not_found');
      for (const wait of ['61', '-1', 'x']) {
        expectProblem(await ben.get(`/v1/questions/${asked.id}?wait=${wait}`), 'invalid', 'wait');
      }
    });
  });
}

/** A call that has been answered says that those made before it on this machine are on their way. */
async function expectOpen(caller: Parameters<typeof ask>[0], { id }: Asked): Promise<void> {
  expect((await caller.get(`/v1/questions/${id}`)).body).toMatchObject({ status: 'open' });
}
