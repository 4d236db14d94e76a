import type { ConnectedFrame } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import type { Caller } from './support/caller.ts';
import type { StreamReader } from './support/stream-reader.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

function comeBack(person: Caller, cursor: string, query = ''): Promise<StreamReader> {
  return person.stream(query, { headers: { 'last-event-id': cursor } });
}

/** The ids of what has come to a live stream. Of several processes one may hear of the newest only a moment later. */
async function had({ harness }: World, stream: StreamReader, count: number): Promise<string[]> {
  if (harness.processes !== undefined) await stream.messages(count);
  return stream.seen.map(({ id }) => id);
}

/** Coming back with a cursor. */
export function resumeContract(newWorld: NewWorld): void {
  describe('a stream with a cursor', () => {
    it('D7: gives what was missed, in order and once, then live, and no state', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { cursor } = await world.send('user:ada');
      const missed = [await world.send('all'), await world.send('user:ben'), await world.send('user:ada')];
      const stream = await (await comeBack(ada, cursor)).live();
      expect(await stream.frame('connected')).toMatchObject({ resumed: true, reason: null });
      expect(await had(world, stream, 2)).toEqual([missed[0]?.cursor, missed[2]?.cursor]);
      expect(stream.blocks.some(({ event }) => event === 'state')).toBe(false);
      const next = await world.send('user:ada');
      expect((await stream.messages(3))[2]?.id).toBe(next.cursor);
      await stream.close();
    });

    it('takes the cursor from the URL too, and the header wins', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const sent = [await world.send('user:ada'), await world.send('user:ada'), await world.send('user:ada')];
      const inUrl = await (await ada.stream(`?lastEventId=${sent[0]?.cursor}`)).live();
      expect(await had(world, inUrl, 2)).toHaveLength(2);
      const both = await (await comeBack(ada, sent[1]?.cursor as string, `?lastEventId=${sent[0]?.cursor}`)).live();
      expect(await had(world, both, 1)).toEqual([sent[2]?.cursor]);
      await Promise.all([inUrl.close(), both.close()]);
    });

    it('may use any id it has seen: of state, of live, of a publish answer, of someone else’s event', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const first = await (await ada.stream()).live();
      await first.close();
      const forBen = await world.send('user:ben');
      const forAda = await world.send('user:ada');
      for (const cursor of [first.lastId, forBen.cursor]) {
        const stream = await (await comeBack(ada, cursor)).live();
        expect(await stream.frame('connected')).toMatchObject({ resumed: true });
        expect(await had(world, stream, 1)).toEqual([forAda.cursor]);
        await stream.close();
      }
    });

    it('starts anew with state and the reason where it can’t resume: never an error, never nothing', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { cursor } = await world.send('user:ada');
      const [epoch, n, check] = cursor.split('-');
      for (const [bad, reason] of [
        ['garbage', 'unknown'],
        ['%00%0a', 'unknown'],
        ['x'.repeat(4_000), 'unknown'],
        [`${epoch}-${n}`, 'unknown'],
        [`${epoch}--1-${check}`, 'unknown'],
        [`${epoch}-99999999999999999999-${check}`, 'unknown'],
        [`${epoch}-${Number(n) + 1}-${check}`, 'unknown'],
        [`zzzzzz-${n}-${check}`, 'epoch'],
        [`${epoch}-${n}-zzzz`, 'epoch'],
      ] as const) {
        const stream = await (await comeBack(ada, bad)).live();
        expect(await stream.frame('connected'), bad).toMatchObject({ resumed: false, reason });
        expect(await stream.frame('state')).toMatchObject({ notifications: { unread: 1 } });
        await stream.close();
      }
    });

    it('starts anew with reason access where ?access= is not what it was', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const first = await (await ada.stream()).live();
      const { access } = await first.frame<ConnectedFrame>('connected');
      await first.close();
      const same = await (await comeBack(ada, first.lastId, `?access=${access}`)).live();
      expect(await same.frame('connected')).toMatchObject({ resumed: true, access });
      const promoted = await world.person('ada', { roles: ['admin'] });
      for (const [caller, query] of [
        [promoted, `?access=${access}`],
        [ada, `?access=${access}&types=m`],
        [ada, `?access=${access}&channels=all`],
        [ada, '?access=made-up'],
      ] as const) {
        const stream = await (await comeBack(caller, first.lastId, query)).live();
        expect(await stream.frame('connected')).toMatchObject({ resumed: false, reason: 'access' });
        await stream.frame('state');
        await stream.close();
      }
      await same.close();
    });

    it('starts anew with reason expired more than 10,000 events behind, and resumes where few are theirs', async () => {
      const world = newWorld();
      const [ada, ben] = [await world.person('ada'), await world.person('ben')];
      const { cursor } = await world.send('all');
      const mine = await world.send('user:ada');
      const notifications = Array.from({ length: 1_000 }, () => ({ to: 'user:ben', type: 'm', title: 'x' }));
      for (let n = 0; n < 10; n += 1) await world.service.post('/v1/notifications/batch', { notifications });
      await world.send('user:ben');
      const adas = await (await comeBack(ada, cursor)).live();
      expect(await adas.frame('connected')).toMatchObject({ resumed: true });
      expect(await had(world, adas, 1)).toEqual([mine.cursor]);
      const bens = await (await comeBack(ben, cursor)).live();
      expect(await bens.frame('connected')).toMatchObject({ resumed: false, reason: 'expired' });
      expect(await bens.frame('state')).toMatchObject({ notifications: { unread: 1_000 } });
      await Promise.all([adas.close(), bens.close()]);
    });

    it('loses nothing and doubles nothing while 200 publishes race with 20 reconnects', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const start = await (await ada.stream('?state=none')).live();
      await start.close();
      const publishing = Promise.all(Array.from({ length: 200 }, (_, n) => world.emit('user:ada', 'app.tick', n)));
      const ids: string[] = [];
      let cursor = start.lastId;
      const hop = async () => {
        const stream = await (await comeBack(ada, cursor)).live();
        await stream.close();
        expect(await stream.frame('connected')).toMatchObject({ resumed: true });
        ids.push(...stream.seen.map(({ id }) => id));
        cursor = stream.seen.at(-1)?.id ?? cursor;
      };
      for (let n = 0; n < 20; n += 1) await hop();
      const answered = await publishing;
      const last = await comeBack(ada, cursor);
      ids.push(...(await last.messages(answered.length - ids.length)).map(({ id }) => id));
      await last.close();
      const number = (id: string) => Number(id.split('-')[1]);
      expect(ids).toEqual([...answered].sort((a, b) => number(a) - number(b)));
    });
  });

  describe('GET /v1/stream?wait=', () => {
    it('answers state, events and a cursor at once without a cursor', async () => {
      const world = newWorld();
      const { id, cursor } = await world.send('user:ada');
      const { status, body } = await (await world.person('ada')).get('/v1/stream?wait=30');
      expect(status).toBe(200);
      expect(body).toMatchObject({ resumed: false, reason: 'new', events: [], cursor });
      expect(body).toMatchObject({ state: { notifications: { items: [{ id }], unread: 1 }, questions: [], runs: [] } });
    });

    it('answers what came after the cursor at once, as the stream shows it', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { cursor } = await world.send('user:ada');
      const sent = await world.send('user:ada');
      const { body } = await ada.get(`/v1/stream?wait=30&lastEventId=${cursor}`);
      expect(body).toEqual({
        tenant: world.tenant,
        user: 'ada',
        readOnly: false,
        channels: ['user:ada', 'all'],
        serverTime: expect.any(String),
        access: expect.any(String),
        resumed: true,
        cursor: sent.cursor,
        events: [
          {
            id: sent.cursor,
            type: 'notification.created',
            channel: 'user:ada',
            time: sent.createdAt,
            data: { notification: (await ada.get(`/v1/inbox/${sent.id}`)).body },
          },
        ],
      });
    });

    it('waits for the next event that is theirs and passes its filters', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { cursor } = await world.send('user:ada');
      const waiting = ada.get(`/v1/stream?wait=30&types=build&lastEventId=${cursor}`);
      await world.send('user:ben');
      await world.send('user:ada', { type: 'comment' });
      const sent = await world.send('user:ada', { type: 'build' });
      const { body } = await waiting;
      expect(body).toMatchObject({ resumed: true, events: [{ id: sent.cursor }], cursor: sent.cursor });
    });

    it('answers nothing new, and a cursor to go on from, after its time', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { cursor } = await world.send('user:ada');
      const other = await world.send('user:ben');
      for (const wait of [0, 1]) {
        const { status, body } = await ada.get(`/v1/stream?wait=${wait}`, { headers: { 'last-event-id': cursor } });
        expect(status).toBe(200);
        expect(body).toMatchObject({ resumed: true, events: [], cursor: other.cursor });
      }
    });

    it('starts anew with its reason where the cursor is no good', async () => {
      const world = newWorld();
      await world.send('user:ada');
      const { body } = await (await world.person('ada')).get('/v1/stream?wait=5&lastEventId=garbage');
      expect(body).toMatchObject({ resumed: false, reason: 'unknown', state: { notifications: { unread: 1 } } });
    });

    it('starts anew when the grants have changed since the access it was told', async () => {
      const world = newWorld();
      const before = await (await world.person('ada')).get('/v1/stream?wait=0');
      const { access, cursor } = before.body as { access: string; cursor: string };
      await world.emit('topic:new', 'app.missed');
      const granted = await world.person('ada', { channels: ['topic:new'] });
      const { body } = await granted.get(`/v1/stream?wait=0&lastEventId=${cursor}&access=${access}`);
      expect(body).toMatchObject({ resumed: false, reason: 'access' });
      expect((body as { access: string }).access).not.toBe(access);
    });

    it('ends with the token: what comes after it is not delivered', async () => {
      const world = newWorld();
      const { cursor } = await world.send('user:ada');
      const exp = Math.ceil(Date.now() / 1_000) + 1;
      const waiting = (await world.person('ada', { exp })).get(`/v1/stream?wait=30&lastEventId=${cursor}`);
      expect((await waiting).body).toMatchObject({ resumed: true, events: [] });
      expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000 - 50);
    });

    it('tells each device the counts of its own grants', async () => {
      const world = newWorld();
      const [plain, admin] = [await world.person('ada'), await world.person('ada', { roles: ['admin'] })];
      const { id } = await world.send('user:ada');
      await world.send('role:admin');
      await world.send('role:admin');
      const stream = await (await admin.stream()).live();
      const { cursor } = (await admin.get('/v1/stream?wait=0')).body as { cursor: string };
      expect((await plain.post(`/v1/inbox/${id}/read`)).status).toBe(204);
      const isMark = ({ type }: { type: string }) => type === 'notification.state';
      await stream.block(() => stream.seen.some(isMark));
      const told = stream.seen.find(isMark);
      expect(told?.data).toMatchObject({ mark: 'read', unread: 2, unseen: 2 });
      const { body } = await admin.get(`/v1/stream?wait=0&lastEventId=${cursor}`);
      expect(body).toMatchObject({ events: [{ type: 'notification.state', data: { unread: 2, unseen: 2 } }] });
      await stream.close();
    });

    it('keeps an edit from those whom the item was before', async () => {
      const world = newWorld();
      const old = await world.send('all');
      const since = Math.floor(Date.parse(old.createdAt) / 1_000) + 1;
      const late = await world.person('late', { since });
      const stream = await (await late.stream()).live();
      const { cursor } = (await late.get('/v1/stream?wait=0')).body as { cursor: string };
      await world.service.patch(`/v1/notifications/${old.id}`, { title: 'an old secret' });
      await world.emit('user:late', 'app.last');
      await stream.block(({ data }) => String(data).includes('app.last'));
      expect(stream.seen.some(({ data }) => String(data).includes('old secret'))).toBe(false);
      const { body } = await late.get(`/v1/stream?wait=0&lastEventId=${cursor}`);
      expect((body as { events: { type: string }[] }).events.map(({ type }) => type)).toEqual(['app.last']);
      await stream.close();
    });

    it('never misses or doubles across polls while publishes go on', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      let { cursor } = (await ada.get('/v1/stream?wait=0')).body as { cursor: string };
      const publishing = Promise.all(Array.from({ length: 100 }, (_, n) => world.emit('user:ada', 'app.tick', n)));
      const got: number[] = [];
      while (got.length < 100) {
        const { body } = await ada.get(`/v1/stream?wait=5&lastEventId=${cursor}`);
        const answer = body as { resumed: boolean; cursor: string; events: { data: number }[] };
        expect(answer.resumed).toBe(true);
        expect(answer.events.length).toBeGreaterThan(0);
        got.push(...answer.events.map(({ data }) => data));
        cursor = answer.cursor;
      }
      await publishing;
      expect(new Set(got).size).toBe(100);
      expect(got).toHaveLength(100);
    });
  });
}
