import { describe, expect, it } from 'vitest';
import { expectProblem } from './support/problem.ts';
import type { NewWorld } from './support/worlds.ts';

/** An app's own events. */
export function eventsContract(newWorld: NewWorld): void {
  describe('POST /v1/events', () => {
    it('answers 202 with the cursor that the stream shows as id, and carries any JSON as it is', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const stream = await (await ada.stream()).live();
      const payloads = [null, 0, '', 'a\nb\r\nc\rd', [], { deep: [{ text: 'event: closing\n\n' }] }, true];
      const cursors = [];
      for (const data of payloads) cursors.push(await world.emit('user:ada', 'app.changed', data));
      const messages = await stream.messages(payloads.length);
      expect(messages.map(({ data }) => data)).toEqual(payloads);
      expect(messages.map(({ id }) => id)).toEqual(cursors);
      expect(messages[0]).toMatchObject({ type: 'app.changed', channel: 'user:ada' });
      await stream.close();
    });

    it('is in no inbox and no state', async () => {
      const world = newWorld();
      await world.emit('all', 'app.changed', 1);
      const ada = await world.person('ada');
      expect((await ada.get('/v1/inbox')).body).toMatchObject({ items: [], unread: 0 });
      expect(await world.sentIds()).toEqual([]);
    });

    it('refuses a type that is Belfry’s own or not lower-case and dotted', async () => {
      const world = newWorld();
      for (const type of [
        'notification.created',
        'run.log',
        'access.granted',
        'App.x',
        'a..b',
        '',
        'a b',
        'x'.repeat(101),
      ]) {
        expectProblem(await world.service.post('/v1/events', { to: 'all', type, data: 1 }), 'invalid', 'type');
      }
    });

    it('is for services with publish', async () => {
      const world = newWorld();
      const event = { to: 'all', type: 'a.b', data: 1 };
      expectProblem(await (await world.person('ada')).post('/v1/events', event), 'forbidden');
      const reader = world.keyed((await world.key(['read'])).secret);
      expectProblem(await reader.post('/v1/events', event), 'forbidden');
    });
  });
}
