import type { StateFrame } from '@belfry/protocol';
import { countsShape, inboxPageShape, notificationShape } from '@belfry/protocol/schemas';
import { describe, expect, it } from 'vitest';
import type { Answer, Caller } from './support/caller.ts';
import { expectProblem } from './support/problem.ts';
import type { StreamReader } from './support/stream-reader.ts';
import type { Item } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

const page = inboxPageShape.extend({}).strict();

async function list(person: Caller, query = '') {
  const answer = await person.get(`/v1/inbox${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return page.parse(answer.body);
}

async function count(person: Caller, query = '') {
  return countsShape.strict().parse((await person.get(`/v1/inbox/count${query}`)).body);
}

async function one(person: Caller, id: string): Promise<Item> {
  return notificationShape.strict().parse((await person.get(`/v1/inbox/${id}`)).body);
}

function done(answer: Answer): void {
  expect(answer).toMatchObject({ status: 204, body: undefined });
}

/** The `notification.state` frames that a stream has had. */
async function markFrames(stream: StreamReader, number: number): Promise<unknown[]> {
  await stream.block(() => stream.seen.filter(({ type }) => type === 'notification.state').length >= number);
  return stream.seen.filter(({ type }) => type === 'notification.state').map(({ data }) => data);
}

/** What one person has and does with it, on all of their devices. */
export function inboxContract(newWorld: NewWorld): void {
  describe('GET /v1/inbox', () => {
    it('lists what is theirs by name, role, topic and all, newest first, with both counts', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { roles: ['dev'], channels: ['topic:x', 'topic:team/*'] });
      const theirs = [];
      for (const to of ['user:ada', 'role:dev', 'topic:x', 'topic:team/a/b', 'all'])
        theirs.unshift(await world.send(to));
      for (const to of ['user:ben', 'role:admin', 'topic:y', 'topic:team']) await world.send(to);
      const { items, unread, unseen, nextCursor } = await list(ada);
      expect(items.map(({ id }) => id)).toEqual(theirs.map(({ id }) => id));
      expect({ unread, unseen, nextCursor }).toEqual({ unread: 5, unseen: 5, nextCursor: null });
    });

    it('lists and counts what came by ?channels= only, as a stream with them does', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { roles: ['dev'], channels: ['topic:team/*'] });
      const own = await world.send('user:ada', { type: 'build.failed' });
      const dev = await world.send('role:dev');
      const team = await world.send('topic:team/a', { type: 'build.failed' });
      const only = '?channels=role:dev,topic:team/*';
      const { items, unread, unseen } = await list(ada, only);
      expect(items.map(({ id }) => id)).toEqual([team.id, dev.id]);
      expect({ unread, unseen }).toEqual({ unread: 2, unseen: 2 });
      const state = ((await ada.get(`/v1/stream${only}&wait=0`)).body as { state: StateFrame }).state;
      expect(state.notifications).toEqual(await list(ada, only));
      expect((await ada.get(`/v1/inbox/count${only}`)).body).toEqual({ unread: 2, unseen: 2 });
      expect((await ada.get(`/v1/inbox/count${only}&types=build.*`)).body).toEqual({ unread: 1, unseen: 1 });
      expect((await ada.get(`/v1/inbox/${team.id}${only}`)).status).toBe(200);
      expectProblem(await ada.get(`/v1/inbox/${own.id}${only}`), 'not_found');
      for (const path of ['/v1/inbox', '/v1/inbox/count', `/v1/inbox/${team.id}`]) {
        expectProblem(await ada.get(`${path}?channels=role:admin`), 'forbidden', 'channels');
        expectProblem(await ada.get(`${path}?channels=nope`), 'invalid', 'channels');
        expectProblem(await ada.get(`${path}?channels=user:ada&channels=all`), 'invalid', 'channels');
      }
    });

    it('filters: all leaves archived out, unread leaves read out, archived has only those', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const [fresh, read, archived] = [
        await world.send('user:ada'),
        await world.send('all'),
        await world.send('user:ada'),
      ];
      done(await ada.post(`/v1/inbox/${read.id}/read`));
      done(await ada.post(`/v1/inbox/${archived.id}/archive`));
      const ids = async (query: string) => (await list(ada, query)).items.map(({ id }) => id);
      expect(await ids('')).toEqual([read.id, fresh.id]);
      expect(await ids('?filter=all')).toEqual([read.id, fresh.id]);
      expect(await ids('?filter=unread')).toEqual([fresh.id]);
      expect(await ids('?filter=archived')).toEqual([archived.id]);
    });

    it('counts by types, severity and subject', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const subject = { kind: 'story', id: '42' };
      const { id } = await world.send('user:ada', { type: 'build.failed', severity: 'warning', subject });
      await world.send('user:ada', { type: 'comment', subject });
      await world.send('user:ada', { type: 'comment', severity: 'warning' });
      for (const query of ['?severity=warning', '?subject=story:42', '?types=comment']) {
        expect(await count(ada, query), query).toEqual({ unread: 2, unseen: 2 });
      }
      done(await ada.post(`/v1/inbox/${id}/read`));
      expect(await count(ada, '?severity=warning&subject=story:42')).toEqual({ unread: 0, unseen: 0 });
      expect(await count(ada, '?subject=story:42')).toEqual({ unread: 1, unseen: 1 });
      expectProblem(await ada.get('/v1/inbox/count?severity=loud'), 'invalid', 'severity');
    });

    it('lists by types, severity and subject', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const subject = { kind: 'story', id: '42' };
      const { id } = await world.send('user:ada', { type: 'build.failed', severity: 'warning', subject });
      await world.send('user:ada', { type: 'builder' });
      for (const query of ['?types=build.*', '?types=x,build.failed', '?severity=warning', '?subject=story:42']) {
        expect(
          (await list(ada, query)).items.map((item) => item.id),
          query,
        ).toEqual([id]);
      }
    });

    it('counts beside a list what the list is of, on every page', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { channels: ['topic:b'] });
      const subject = { kind: 'story', id: '42' };
      for (const type of ['build.failed', 'build.done', 'comment']) await world.send('user:ada', { type, subject });
      await world.send('topic:b', { type: 'comment', severity: 'warning' });
      const filters = [
        'types=build.*',
        'severity=warning',
        'subject=story:42',
        'types=zzz',
        'types=build.*&channels=topic:b',
      ];
      for (const filter of filters) {
        const { items, unread, unseen } = await list(ada, `?${filter}`);
        expect({ unread, unseen }, filter).toEqual({ unread: items.length, unseen: items.length });
        expect(await count(ada, `?${filter}`), filter).toEqual({ unread, unseen });
      }
      const { nextCursor } = await list(ada, '?types=build.*&limit=1');
      expect(await list(ada, `?types=build.*&limit=1&cursor=${nextCursor}`)).toMatchObject({ unread: 2, unseen: 2 });
      expect(await list(ada, '?filter=archived&types=build.*')).toMatchObject({ items: [], unread: 2, unseen: 2 });
    });

    it('pages without a gap or a repeat while more comes and items are archived', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const sent = [];
      for (let n = 0; n < 7; n += 1) sent.unshift((await world.send(n % 2 ? 'user:ada' : 'all')).id);
      const first = await list(ada, '?limit=3');
      await world.send('user:ada');
      done(await ada.post(`/v1/inbox/${sent[0]}/archive`));
      const second = await list(ada, `?limit=3&cursor=${first.nextCursor}`);
      const third = await list(ada, `?limit=3&cursor=${second.nextCursor}`);
      expect([first, second, third].flatMap(({ items }) => items.map(({ id }) => id))).toEqual(sent);
      expect(third.nextCursor).toBeNull();
    });

    it('leaves out shared items from before the token’s since, and keeps those by name', async () => {
      const world = newWorld();
      await world.send('all');
      const mine = await world.send('user:ada');
      const ada = await world.person('ada', { since: Math.floor(Date.now() / 1_000) + 5 });
      expect((await list(ada)).items.map(({ id }) => id)).toEqual([mine.id]);
      expect(await count(ada)).toEqual({ unread: 1, unseen: 1 });
    });

    it('gives one item, and 404 for one that is someone else’s', async () => {
      const world = newWorld();
      const [ada, ben] = [await world.person('ada'), await world.person('ben')];
      const { id } = await world.send('user:ada');
      expect(await one(ada, id)).toMatchObject({ id, seenAt: null, readAt: null, archivedAt: null });
      expectProblem(await ben.get(`/v1/inbox/${id}`), 'not_found');
    });

    it('is for people: a service gets 403', async () => {
      expectProblem(await newWorld().service.get('/v1/inbox'), 'forbidden');
    });
  });

  describe('marks', () => {
    it.each([
      ['read', { readAt: true, seenAt: true, archivedAt: false }, { unread: 1, unseen: 1 }],
      ['seen', { readAt: false, seenAt: true, archivedAt: false }, { unread: 2, unseen: 1 }],
      ['archive', { readAt: false, seenAt: true, archivedAt: true }, { unread: 1, unseen: 1 }],
    ])('POST /v1/inbox/{id}/%s sets what it says, and the counts follow', async (word, marks, counts) => {
      const world = newWorld();
      const ada = await world.person('ada');
      await world.send('all');
      const { id } = await world.send('user:ada');
      done(await ada.post(`/v1/inbox/${id}/${word}`));
      const item = await one(ada, id);
      const set = { readAt: item.readAt !== null, seenAt: item.seenAt !== null, archivedAt: item.archivedAt !== null };
      expect(set).toEqual(marks);
      expect(await count(ada)).toEqual(counts);
    });

    it('unread takes a read back and leaves it seen; unarchive brings it back', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { id } = await world.send('user:ada');
      for (const word of ['read', 'archive', 'unread', 'unarchive']) done(await ada.post(`/v1/inbox/${id}/${word}`));
      const item = await one(ada, id);
      expect(item).toMatchObject({ readAt: null, archivedAt: null });
      expect(item.seenAt).not.toBeNull();
      expect(await count(ada)).toEqual({ unread: 1, unseen: 0 });
    });

    it('may be repeated, and the time of the first stays', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { id } = await world.send('user:ada');
      done(await ada.post(`/v1/inbox/${id}/read`));
      const { readAt } = await one(ada, id);
      done(await ada.post(`/v1/inbox/${id}/read`));
      expect((await one(ada, id)).readAt).toBe(readAt);
    });

    it('marks several at once and skips what is not theirs; none of them theirs is 404', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const [mine, shared, foreign] = [
        await world.send('user:ada'),
        await world.send('all'),
        await world.send('user:ben'),
      ];
      done(await ada.post('/v1/inbox/marks', { ids: [mine.id, shared.id, foreign.id], mark: 'read' }));
      expect(await count(ada)).toEqual({ unread: 0, unseen: 0 });
      expectProblem(await ada.post('/v1/inbox/marks', { ids: [foreign.id], mark: 'read' }), 'not_found');
      const ben = await world.person('ben');
      expect(await count(ben)).toEqual({ unread: 2, unseen: 2 });
    });

    it('on a shared item are each person’s own', async () => {
      const world = newWorld();
      const [ada, ben] = [await world.person('ada'), await world.person('ben')];
      const { id } = await world.send('all');
      done(await ada.post(`/v1/inbox/${id}/archive`));
      expect(await one(ben, id)).toMatchObject({ seenAt: null, archivedAt: null });
    });

    it('are told live to all devices of that person with the right counts, and to nobody else', async () => {
      const world = newWorld();
      const [ada, ben] = [await world.person('ada'), await world.person('ben')];
      const sent = [await world.send('all'), await world.send('user:ada'), await world.send('user:ada')];
      const [phone, tab, bens] = [await ada.stream(), await ada.stream(), await ben.stream()];
      for (const stream of [phone, tab, bens]) await stream.live();
      const [first, second, third] = sent.map(({ id }) => id);
      done(await ada.post(`/v1/inbox/${first}/seen`));
      done(await ada.post(`/v1/inbox/${second}/read`));
      done(await ada.post(`/v1/inbox/${second}/unread`));
      done(await ada.post(`/v1/inbox/${third}/archive`));
      done(await ada.post(`/v1/inbox/${third}/unarchive`));
      const frames = await markFrames(phone, 5);
      expect(frames).toMatchObject([
        { ids: [first], mark: 'seen', unread: 3, unseen: 2 },
        { ids: [second], mark: 'read', unread: 2, unseen: 1 },
        { ids: [second], mark: 'unread', unread: 3, unseen: 1 },
        { ids: [third], mark: 'archived', unread: 2, unseen: 0 },
        { ids: [third], mark: 'unarchived', unread: 3, unseen: 0 },
      ]);
      expect(await markFrames(tab, 5)).toEqual(frames);
      await world.emit('all', 'app.last');
      expect((await bens.messages(1))[0]?.type).toBe('app.last');
      await Promise.all([phone, tab, bens].map((stream) => stream.close()));
    });
  });

  describe('read-all, seen-all and archive-all', () => {
    it.each([
      ['read-all', 'read', { unread: 0, unseen: 0 }],
      ['seen-all', 'seen', { unread: 2, unseen: 0 }],
      ['archive-all', 'archived', { unread: 0, unseen: 0 }],
    ])('POST /v1/inbox/%s without a body means all there is now, and is told live', async (word, mark, counts) => {
      const world = newWorld();
      const ada = await world.person('ada');
      await world.send('all');
      const last = await world.send('user:ada');
      const stream = await (await ada.stream()).live();
      done(await ada.post(`/v1/inbox/${word}`));
      const [frame] = (await markFrames(stream, 1)) as { upTo: string }[];
      expect(frame).toMatchObject({ ids: [], upTo: last.cursor, mark, ...counts });
      expect(await count(ada)).toEqual(counts);
      await world.send('user:ada');
      expect(await count(ada)).toEqual({ unread: counts.unread + 1, unseen: counts.unseen + 1 });
      await stream.close();
    });

    it('upTo stops at that item: what came later stays as it is', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const sent = [await world.send('user:ada'), await world.send('all'), await world.send('user:ada')];
      done(await ada.post('/v1/inbox/read-all', { upTo: sent[1]?.cursor }));
      const read = (await list(ada)).items.map(({ id, readAt }) => [id, readAt !== null]);
      expect(read).toEqual([
        [sent[2]?.id, false],
        [sent[1]?.id, true],
        [sent[0]?.id, true],
      ]);
    });

    it('types narrows it, and other types stay unread', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      await world.send('user:ada', { type: 'build.failed' });
      const other = await world.send('user:ada', { type: 'comment' });
      done(await ada.post('/v1/inbox/read-all', { types: ['build.*'] }));
      expect((await list(ada, '?filter=unread')).items.map(({ id }) => id)).toEqual([other.id]);
    });

    it('null is the same as leaving upTo and types out', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      await world.send('user:ada');
      done(await ada.post('/v1/inbox/read-all', { upTo: null, types: null }));
      expect(await count(ada)).toEqual({ unread: 0, unseen: 0 });
    });

    it('marks what came by these channels only, and refuses those that are not held', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { channels: ['topic:team/*'] });
      const own = await world.send('user:ada');
      const team = await world.send('topic:team/a');
      const only = '?channels=topic:team/*';
      const [wide, narrow] = [await (await ada.stream()).live(), await (await ada.stream(only)).live()];
      expectProblem(await ada.post('/v1/inbox/read-all', { channels: ['role:admin'] }), 'forbidden', 'channels');
      done(await ada.post('/v1/inbox/read-all', { channels: ['topic:team/*'] }));
      expect(await one(ada, team.id)).toMatchObject({ readAt: expect.any(String) });
      expect(await one(ada, own.id)).toMatchObject({ readAt: null });
      expect(await count(ada)).toEqual({ unread: 1, unseen: 1 });
      expect(await markFrames(narrow, 1)).toMatchObject([{ mark: 'read', unread: 0, unseen: 0 }]);
      // What it did not mark may look like that there: it is told anew.
      const states = () => wide.blocks.filter(({ event }) => event === 'state');
      await wide.block(() => states().length === 2);
      expect(JSON.parse(states()[1]?.data as string).notifications).toMatchObject({ unread: 1, unseen: 1 });
      await Promise.all([wide, narrow].map((stream) => stream.close()));
    });

    it('a single unread after read-all stays unread, and read-all again covers it', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { id } = await world.send('user:ada');
      done(await ada.post('/v1/inbox/read-all'));
      done(await ada.post(`/v1/inbox/${id}/unread`));
      expect(await count(ada)).toEqual({ unread: 1, unseen: 0 });
      done(await ada.post('/v1/inbox/read-all'));
      expect(await count(ada)).toEqual({ unread: 0, unseen: 0 });
    });

    it('refuses an upTo that is garbage, from the future or from another tenant', async () => {
      const [world, other] = [newWorld(), newWorld()];
      const ada = await world.person('ada');
      const { cursor } = await world.send('user:ada');
      for (let n = 0; n < 2; n += 1) await other.send('user:ada');
      const foreign = (await other.send('user:ada')).cursor;
      const [epoch] = cursor.split('-');
      for (const upTo of ['garbage', `${epoch}-999-abcd`, foreign, 'zzz-1-abcd', '']) {
        expectProblem(await ada.post('/v1/inbox/read-all', { upTo }), 'invalid', 'upTo');
      }
      expect(await count(ada)).toEqual({ unread: 1, unseen: 1 });
    });
  });
}
