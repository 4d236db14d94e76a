import { describe, expect, it } from 'vitest';
import type { Caller } from './support/caller.ts';
import { expectProblem } from './support/problem.ts';
import type { NewWorld } from './support/worlds.ts';

/** A stream does not wait for its ack. One that is made after it and has been answered comes behind it. */
async function acksAreStored(person: Caller, cursor: string): Promise<void> {
  for (const device of ['other', 'another']) {
    expect((await person.post('/v1/ack', { device, cursor })).status).toBe(204);
  }
}

/** Acks, and coming back by them. */
export function devicesContract(newWorld: NewWorld): void {
  describe('POST /v1/ack', () => {
    it('D7: lets a device without a cursor go on after its last ack', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const [first] = [await world.send('user:ada'), await world.send('user:ada', { title: 'Second' })];
      expect(await ada.post('/v1/ack', { device: 'phone', cursor: first?.cursor })).toMatchObject({ status: 204 });
      const stream = await (await ada.stream('?device=phone&state=none')).live();
      expect(await stream.frame('connected')).toMatchObject({ resumed: true, reason: null });
      expect(await stream.messages(1)).toMatchObject([{ data: { notification: { title: 'Second' } } }]);
      await stream.close();
    });

    it('moves only forward', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const sent = [await world.send('user:ada'), await world.send('user:ada')];
      for (const cursor of [sent[1]?.cursor, sent[0]?.cursor]) {
        expect((await ada.post('/v1/ack', { device: 'phone', cursor })).status).toBe(204);
      }
      const stream = await (await ada.stream('?device=phone&state=none')).live();
      expect(stream.seen).toEqual([]);
      await stream.close();
    });

    it('is a device’s own and a person’s own', async () => {
      const world = newWorld();
      const [ada, ben] = [await world.person('ada'), await world.person('ben')];
      const { cursor } = await world.send('all');
      await ada.post('/v1/ack', { device: 'phone', cursor });
      for (const stream of [
        await ada.stream('?device=desk&state=none'),
        await ben.stream('?device=phone&state=none'),
      ]) {
        expect(await stream.frame('connected')).toMatchObject({ resumed: false, reason: 'new' });
        await stream.close();
      }
    });

    it('happens by a Last-Event-ID too, on an unfiltered stream', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const sent = [await world.send('user:ada'), await world.send('user:ada')];
      const back = await ada.stream('?device=phone', { headers: { 'last-event-id': sent[0]?.cursor as string } });
      await (await back.live()).close();
      await acksAreStored(ada, sent[0]?.cursor as string);
      const stream = await (await ada.stream('?device=phone&state=none')).live();
      expect(await stream.frame('connected')).toMatchObject({ resumed: true });
      expect((await stream.messages(1)).map(({ id }) => id)).toEqual([sent[1]?.cursor]);
      await stream.close();
    });

    it.each(['types=m', 'events=notification.*', 'channels=user:ada'])(
      'does not happen by one with %s',
      async (filter) => {
        const world = newWorld();
        const ada = await world.person('ada');
        const { cursor } = await world.send('user:ada');
        const headers = { 'last-event-id': cursor };
        await (await (await ada.stream(`?device=phone&${filter}`, { headers })).live()).close();
        await acksAreStored(ada, cursor);
        const stream = await ada.stream('?device=phone&state=none');
        expect(await stream.frame('connected')).toMatchObject({ resumed: false, reason: 'new' });
        await stream.close();
      },
    );

    it('refuses a cursor that names no position, and a device that is no name', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { cursor } = await world.send('user:ada');
      expectProblem(await ada.post('/v1/ack', { device: 'phone', cursor: 'x' }), 'invalid', 'cursor');
      expectProblem(await ada.post('/v1/ack', { device: 'phone', cursor: `${cursor}x` }), 'invalid', 'cursor');
      expectProblem(await ada.post('/v1/ack', { device: ' ', cursor }), 'invalid', 'device');
      expectProblem(await ada.post('/v1/ack', { device: 'phone' }), 'invalid', 'cursor');
    });
  });
}
