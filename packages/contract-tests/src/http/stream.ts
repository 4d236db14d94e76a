import type { ConnectedFrame, StateFrame } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import type { Caller } from './support/caller.ts';
import { expectProblem } from './support/problem.ts';
import { ask } from './support/questions.ts';
import { newRun } from './support/runs.ts';
import type { StreamReader } from './support/stream-reader.ts';
import type { NewWorld } from './support/worlds.ts';

/** `GET /v1/stream` without a cursor: its headers, frames and options. */
export function streamContract(newWorld: NewWorld): void {
  describe('GET /v1/stream', () => {
    it('has the documented headers, and no Connection header', async () => {
      const stream = await (await newWorld().person('ada')).stream();
      const { headers, status } = stream.response;
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-cache, no-transform');
      expect(headers.get('x-accel-buffering')).toBe('no');
      expect(headers.get('x-request-id')).toMatch(/./);
      expect(headers.get('connection')).toBeNull();
      await stream.close();
    });

    it('starts with retry, connected, state and live, the last two at one cursor', async () => {
      const world = newWorld();
      const item = await world.send('user:ada');
      const ada = await world.person('ada', { roles: ['dev'], channels: ['topic:team/*'] });
      const stream = await (await ada.stream()).live();
      expect(stream.blocks[0]?.retry).toBe('1000');
      const names = stream.blocks.map(({ event }) => event).filter((name) => name !== undefined);
      expect(names).toEqual(['connected', 'state', 'live']);
      const connected = await stream.frame<ConnectedFrame>('connected');
      expect(connected).toMatchObject({
        tenant: world.tenant,
        user: 'ada',
        readOnly: false,
        resumed: false,
        reason: 'new',
      });
      expect(new Set(connected.channels)).toEqual(new Set(['user:ada', 'all', 'role:dev', 'topic:team/*']));
      const state = await stream.frame<StateFrame>('state');
      expect(state).toMatchObject({
        notifications: { unread: 1, unseen: 1, nextCursor: null },
        questions: [],
        runs: [],
      });
      expect(state.notifications.items).toEqual([(await ada.get(`/v1/inbox/${item.id}`)).body]);
      const [atState, atLive] = stream.blocks.filter(({ event }) => event === 'state' || event === 'live');
      expect(atState?.id).toBe(item.cursor);
      expect(atLive?.id).toBe(item.cursor);
      await stream.close();
    });

    it('has no window between state and changes: while 100 are sent, each opening stream has each exactly once', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const sending = (async () => {
        const ids: string[] = [];
        for (let n = 0; n < 100; n += 1) ids.push((await world.send('user:ada', { title: `${n}` })).id);
        return ids;
      })();
      const streams = [];
      for (let n = 0; n < 15; n += 1) streams.push(await ada.stream());
      const ids = await sending;
      for (const stream of streams) {
        const { notifications } = await stream.frame<StateFrame>('state');
        const inState = notifications.items.map(({ id }) => id).reverse();
        // State holds the newest 50: what it can't hold was sent before them.
        const before = Math.max(0, ids.indexOf(inState[0] ?? (ids[0] as string)));
        const live = await stream.messages(100 - before - inState.length);
        const told = live.map(({ data }) => (data.notification as { id: string }).id);
        expect([...ids.slice(0, before), ...inState, ...told]).toEqual(ids);
        await stream.close();
      }
    });

    it('holds the newest 50 in state, without archived ones, and says how to go on', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const notifications = Array.from({ length: 53 }, (_, n) => ({ to: 'user:ada', type: 'm', title: `${n}` }));
      const { body } = await world.service.post('/v1/notifications/batch', { notifications });
      const newest = (body as { notifications: { id: string }[] }).notifications.at(-1)?.id;
      await ada.post(`/v1/inbox/${newest}/archive`);
      const stream = await ada.stream();
      const { notifications: page } = await stream.frame<StateFrame>('state');
      expect(page.items).toHaveLength(50);
      expect(page.items.slice(0, 2)).toMatchObject([{ title: '51' }, { title: '50' }]);
      expect(page).toMatchObject({ unread: 52, unseen: 52 });
      const rest = await ada.get(`/v1/inbox?cursor=${page.nextCursor}`);
      expect(rest.body).toMatchObject({ items: [{ title: '1' }, { title: '0' }], nextCursor: null });
      await stream.close();
    });

    it('shows a live notification as the list does, with the cursor of the publish answer as id', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const stream = await (await ada.stream()).live();
      const sent = await world.send(['topic:none', 'user:ada'], { body: 'a\r\nb\nc\rd: data: x' });
      const [message] = await stream.messages(1);
      expect(message).toMatchObject({ id: sent.cursor, type: 'notification.created', channel: 'user:ada' });
      expect(message?.time).toBe(sent.createdAt);
      expect(message?.data.notification).toEqual((await ada.get(`/v1/inbox/${sent.id}`)).body);
      await stream.close();
    });

    it('gives every reader the same id, and each the channel they hold', async () => {
      const world = newWorld();
      const people = await Promise.all(['ada', 'ben'].map((user) => world.person(user)));
      const streams = await Promise.all(people.map(async (person) => (await person.stream()).live()));
      const { cursor } = await world.send(['user:ben', 'all']);
      const seen = await Promise.all(streams.map((stream) => stream.messages(1)));
      expect(seen.map(([message]) => [message?.id, message?.channel])).toEqual([
        [cursor, 'all'],
        [cursor, 'user:ben'],
      ]);
      await Promise.all(streams.map((stream) => stream.close()));
    });

    it('carries only ?channels=, of those that the reader holds', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { channels: ['topic:x', 'topic:team/*'] });
      const stream = await (await ada.stream('?channels=topic:x,topic:team/a')).live();
      expect((await stream.frame<ConnectedFrame>('connected')).channels).toEqual(['topic:x', 'topic:team/a']);
      for (const to of ['user:ada', 'all', 'topic:team/b', 'topic:team/a', 'topic:x']) await world.send(to);
      expect((await stream.messages(2)).map(({ channel }) => channel)).toEqual(['topic:team/a', 'topic:x']);
      await stream.close();
    });

    it('is one stream whether a channel or type is named once or twice', async () => {
      const ada = await newWorld().person('ada');
      const access = async (query: string) =>
        ((await ada.get(`/v1/stream?wait=0&${query}`)).body as { access: string }).access;
      expect(await access('channels=all,all')).toBe(await access('channels=all'));
      expect(await access('types=a,b,a')).toBe(await access('types=b,a'));
      expect(await access('events=a,a')).toBe(await access('events=a'));
      expect(await access('channels=all')).not.toBe(await access('channels=all,user:ada'));
    });

    it('is 403 for a channel that the reader does not hold, 400 for one that does not parse', async () => {
      const ada = await newWorld().person('ada', { channels: ['topic:team/*'] });
      for (const channels of ['user:ben', 'all,role:admin', 'topic:x', 'topic:*', 'topic:tea*']) {
        expectProblem(await ada.get(`/v1/stream?channels=${channels}`), 'forbidden', 'channels');
      }
      for (const channels of ['nope', 'system:x', 'user:', '', 'all,', 'user:*']) {
        expectProblem(await ada.get(`/v1/stream?channels=${channels}`), 'invalid', 'channels');
      }
    });

    it('D7: carries only ?types= of notifications, in state, counts and live alike', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const build = await world.send('user:ada', { type: 'build.failed' });
      const comment = await world.send('user:ada', { type: 'comment' });
      const stream = await (await ada.stream('?types=build.*')).live();
      const { notifications } = await stream.frame<StateFrame>('state');
      expect(notifications).toMatchObject({ items: [{ id: build.id }], unread: 1, unseen: 1 });
      await world.send('user:ada', { type: 'comment' });
      const second = await world.send('user:ada', { type: 'build.fixed' });
      await ada.post('/v1/inbox/marks', { ids: [build.id, comment.id], mark: 'read' });
      await ada.post('/v1/inbox/read-all');
      const [made, marked, all] = await stream.messages(3);
      expect(made).toMatchObject({ data: { notification: { id: second.id } } });
      expect(marked).toMatchObject({ type: 'notification.state', data: { mark: 'read', unread: 1, unseen: 1 } });
      expect(all).toMatchObject({ data: { mark: 'read', unread: 0, unseen: 0 } });
      await stream.close();
    });

    it('carries only ?events= of those types', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const stream = await (await ada.stream('?events=task.*,notification.withdrawn')).live();
      const { id } = await world.send('user:ada');
      await world.emit('user:ada', 'task.done');
      await world.emit('user:ada', 'board.moved');
      await world.service.delete(`/v1/notifications/${id}`);
      expect((await stream.messages(2)).map(({ type }) => type)).toEqual(['task.done', 'notification.withdrawn']);
      await stream.close();
    });

    it('has in its state only what ?events= lets it hear of, with counts to match', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { id } = await world.send('user:ada');
      const question = await ask(world.service, { to: 'user:ada' });
      const run = await newRun(world, 'user:ada');
      const stateOf = async (caller: Caller, events: string) => {
        const { state } = (await caller.get(`/v1/stream?wait=0&events=${events}`)).body as { state: StateFrame };
        const { notifications, questions, runs } = state;
        const ids = [notifications.items, questions, runs].map((list) => list.map((one) => one.id));
        return [...ids, notifications.unread, notifications.unseen];
      };
      expect(await stateOf(ada, '*')).toEqual([[id], [question.id], [run.id], 1, 1]);
      expect(await stateOf(ada, 'notification.*')).toEqual([[id], [], [], 1, 1]);
      expect(await stateOf(ada, 'question.answered')).toEqual([[], [question.id], [], 0, 0]);
      expect(await stateOf(ada, 'run.*,task.done')).toEqual([[], [], [run.id], 0, 0]);
      expect(await stateOf(ada, 'task.*')).toEqual([[], [], [], 0, 0]);
      expect(await stateOf(world.service, 'notification.created,run.*')).toEqual([[id], [], [run.id], 0, 0]);
      expect(await stateOf(world.service, 'question.*')).toEqual([[], [question.id], [], 0, 0]);
      const stream = await (await ada.stream('?events=run.*')).live();
      expect(await stream.frame<StateFrame>('state')).toMatchObject({ notifications: { items: [] }, questions: [] });
      await stream.close();
    });

    it('has no state with ?state=none', async () => {
      const world = newWorld();
      const { cursor } = await world.send('user:ada');
      const stream = await (await (await world.person('ada')).stream('?state=none')).live();
      expect(stream.blocks.some(({ event }) => event === 'state')).toBe(false);
      expect(stream.lastId).toBe(cursor);
      await stream.close();
    });

    it.each([
      ['state=some', 'state'],
      ['types=a%20b', 'types'],
      ['events=*x', 'events'],
      [`types=${Array.from({ length: 51 }, () => 'a').join(',')}`, 'types'],
      ['wait=61', 'wait'],
      ['wait=-1', 'wait'],
      ['wait=1.5', 'wait'],
      ['wait=', 'wait'],
      ['device=%20', 'device'],
      [`access=${'x'.repeat(101)}`, 'access'],
    ])('is 400 for ?%s', async (query, field) => {
      expectProblem(await (await newWorld().person('ada')).get(`/v1/stream?${query}`), 'invalid', field);
    });

    it('shows a service all of its tenant, with the full address and no marks', async () => {
      const world = newWorld();
      const stream = await (await world.service.stream()).live();
      const before = await stream.frame<StateFrame>('state');
      expect(before.notifications).toMatchObject({ items: [], unread: 0, unseen: 0 });
      const sent = await world.send(['user:ada', 'topic:x']);
      const [message] = await stream.messages(1);
      expect(message?.data.notification).toEqual(sent);
      await stream.close();
    });

    it('shows a service some channels, with ?channels=', async () => {
      const world = newWorld();
      await world.send('topic:a');
      const stream = await (await world.service.stream('?channels=user:ada,topic:t/*')).live();
      expect((await stream.frame<StateFrame>('state')).notifications.items).toEqual([]);
      for (const to of ['topic:a', 'topic:t/1', 'user:ada']) await world.send(to);
      expect((await stream.messages(2)).map(({ channel }) => channel)).toEqual(['topic:t/1', 'user:ada']);
      await stream.close();
    });

    it('keeps 32 streams a person in a process: with one more the oldest is replaced, and can tell', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const { processes = 1 } = world.harness;
      const streams: StreamReader[] = [];
      for (let n = 0; n <= 32 * processes; n += 1) streams.push(await (await ada.stream('?state=none')).live());
      // Among several processes some must hold 33; which one, and whether another does too, is up to what hands them out.
      const replaced = await Promise.any(
        streams.map(async (stream) => ({ stream, closing: await stream.frame('closing') })),
      );
      expect(replaced.closing).toMatchObject({ reason: 'replaced' });
      await replaced.stream.end();
      if (processes === 1) expect(streams.filter(({ ended }) => ended)).toEqual([streams[0]]);
      await Promise.all(streams.map((stream) => stream.close()));
    });

    it('closes with token_expired when the token ends', async () => {
      const ada = await newWorld().person('ada', { exp: Math.floor(Date.now() / 1_000) + 3 });
      const stream = await ada.stream();
      const closing = await stream.frame<{ reason: string; retryMs: number }>('closing');
      expect(closing.reason).toBe('token_expired');
      await stream.end();
      expect(stream.blocks.at(-1)?.retry).toBe(String(closing.retryMs));
    });
  });
}
