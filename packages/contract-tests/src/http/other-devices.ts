import { describe, expect, it } from 'vitest';
import type { Caller } from './support/caller.ts';
import type { StreamReader } from './support/stream-reader.ts';
import type { Item } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

interface Page {
  items: Item[];
  unread: number;
  unseen: number;
}

/** What one device of a person marks, on the others: narrowed streams, polls, and tokens that hold other channels. */
export function otherDevicesContract(newWorld: NewWorld): void {
  const inbox = async (who: Caller, filter = 'unread') => {
    const { body } = await who.get(`/v1/inbox?filter=${filter}`);
    return (body as Page).items.map(({ title }) => title);
  };
  const states = (stream: StreamReader) =>
    stream.blocks
      .filter(({ event }) => event === 'state')
      .map(({ id, data }) => ({ id, page: (JSON.parse(data as string) as { notifications: Page }).notifications }));
  const stateAfter = async (stream: StreamReader, count: number) => {
    await stream.block(() => states(stream).length > count, 'a fresh state');
    return states(stream)[count] as { id: string; page: Page };
  };

  describe('the marks of another device', () => {
    it('reach a stream of other channels, live and when it comes back', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { roles: ['dev'] });
      const item = await world.send('role:dev');
      const own = await world.send('user:ada', { title: 'Not for here' });
      const stream = await (await ada.stream('?channels=role:dev')).live();
      await ada.post(`/v1/inbox/${item.id}/read`);
      await world.emit('user:ada', 'not.here');
      const last = await world.emit('role:dev', 'is.here');
      const [told] = await stream.messages(2);
      expect(told).toMatchObject({ type: 'notification.state', channel: 'user:ada' });
      expect(told?.data).toMatchObject({ ids: [item.id], unread: 0, unseen: 0, countsAt: expect.any(String) });
      await stream.block(({ id }) => id === last);
      const back = await ada.stream('?channels=role:dev', { headers: { 'last-event-id': own.cursor } });
      await back.messages(2);
      for (const { seen } of [stream, back]) {
        expect(seen.map(({ type }) => type)).toEqual(['notification.state', 'is.here']);
      }
      await Promise.all([stream.close(), back.close()]);
    });

    it('reach a poll of other channels', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { roles: ['dev'] });
      const item = await world.send('role:dev');
      const polling = ada.get(`/v1/stream?wait=20&channels=role:dev&lastEventId=${item.cursor}`);
      await world.emit('user:ada', 'not.here');
      await ada.post(`/v1/inbox/${item.id}/seen`);
      const { body } = await polling;
      expect(body).toMatchObject({ resumed: true, events: [{ type: 'notification.state', data: { ids: [item.id] } }] });
    });

    it('are left out by ?events= on every stream', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { id } = await world.send('user:ada');
      const stream = await (await ada.stream('?channels=all&events=is.*')).live();
      await ada.post(`/v1/inbox/${id}/read`);
      const last = await world.emit('all', 'is.here');
      await stream.block((block) => block.id === last);
      expect(stream.seen.map(({ type }) => type)).toEqual(['is.here']);
      await stream.close();
    });
  });

  describe('read-all by a device that holds less', () => {
    it('leaves what only the other device can see, and tells that one the whole state', async () => {
      const world = newWorld();
      const [phone, desk] = [await world.person('ada'), await world.person('ada', { roles: ['dev'] })];
      await world.send('role:dev', { title: 'for devs' });
      await world.send('user:ada', { title: 'by name' });
      const open = [await (await desk.stream()).live(), await (await phone.stream()).live()] as const;
      expect((await phone.post('/v1/inbox/read-all')).status).toBe(204);
      const last = await world.emit('all', 'last');
      for (const stream of open) await stream.block(({ id }) => id === last);
      const { page } = await stateAfter(open[0], 1);
      expect(page).toMatchObject({ unread: 1, unseen: 1 });
      expect(page.items.map(({ title, readAt }) => [title, readAt !== null])).toEqual([
        ['by name', true],
        ['for devs', false],
      ]);
      expect(states(open[1])).toHaveLength(1);
      for (const { seen } of open) expect(seen.map(({ type }) => type)).toEqual(['notification.state', 'last']);
      expect(await inbox(desk)).toEqual(['for devs']);
      expect(await inbox(phone)).toEqual([]);
      for (const stream of open) await stream.close();
    });

    it('is followed by a state on a resume, and ends a poll', async () => {
      const world = newWorld();
      const [phone, desk] = [await world.person('ada'), await world.person('ada', { roles: ['dev'] })];
      await world.send('role:dev');
      const { cursor } = await world.send('user:ada');
      const before = await world.emit('all', 'before');
      await phone.post('/v1/inbox/archive-all');
      const after = await world.emit('all', 'after');
      const back = await desk.stream('', { headers: { 'last-event-id': cursor } });
      await back.messages(3);
      await back.frame('state');
      expect(back.seen.map(({ type }) => type)).toEqual(['before', 'notification.state', 'after']);
      expect(states(back)).toMatchObject([{ id: after, page: { unread: 1, items: [{ archivedAt: null }] } }]);
      await back.close();
      const poll = async (at: string) => (await desk.get(`/v1/stream?wait=0&lastEventId=${at}`)).body;
      expect(await poll(cursor)).toMatchObject({ resumed: true, cursor: before, events: [{ type: 'before' }] });
      const anew = { resumed: false, reason: 'access', cursor: after, state: { notifications: { unread: 1 } } };
      expect(await poll(before)).toMatchObject(anew);
      expect(await poll(after)).toMatchObject({ resumed: true, events: [] });
    });

    it('leaves what a role that is gained later had before', async () => {
      const world = newWorld();
      await world.send(['role:dev', 'role:ops'], { title: 'both' });
      await world.send('role:ops', { title: 'ops' });
      const dev = await world.person('ada', { roles: ['dev'] });
      await dev.post('/v1/inbox/seen-all');
      await dev.post('/v1/inbox/read-all');
      const later = await world.person('ada', { roles: ['dev', 'ops'] });
      expect(await inbox(later)).toEqual(['ops']);
      expect((await later.get('/v1/inbox/count')).body).toEqual({ unread: 1, unseen: 1 });
    });

    it('leaves shared items from before the since of its token', async () => {
      const world = newWorld();
      await world.send('all', { title: 'old' });
      await world.send('user:ada', { title: 'by name' });
      const late = await world.person('ada', { since: Math.floor(Date.now() / 1_000) + 60 });
      await late.post('/v1/inbox/read-all');
      expect(await inbox(await world.person('ada'))).toEqual(['old']);
    });
  });
}
