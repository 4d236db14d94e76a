import { describe, expect, it } from 'vitest';
import type { Caller } from './support/caller.ts';
import { expectProblem } from './support/problem.ts';
import type { Block, Message, StreamReader } from './support/stream-reader.ts';
import type { World } from './support/world.ts';
import type { NewWorld } from './support/worlds.ts';

const memberOf = (channel: string, user: string) => `/v1/memberships?${new URLSearchParams({ channel, user })}`;

async function grant(world: World, channel: string, user: string): Promise<void> {
  expect((await world.service.put('/v1/memberships', { channel, user })).status).toBe(204);
}

async function revoke(world: World, channel: string, user: string): Promise<void> {
  expect((await world.service.delete(memberOf(channel, user))).status).toBe(204);
}

async function revokeFromAll(world: World, channel: string): Promise<void> {
  expect((await world.service.delete(`/v1/channels?name=${encodeURIComponent(channel)}`)).status).toBe(204);
}

async function titles(person: Caller): Promise<string[]> {
  const { body } = await person.get('/v1/inbox');
  return (body as { items: { title: string }[] }).items.map(({ title }) => title);
}

/** The state frame that follows an event of this type. */
async function stateAfter(stream: StreamReader, type: string): Promise<{ at: number; data: Record<string, unknown> }> {
  await stream.block((block) => block.event === 'state' && stream.blocks.indexOf(block) > indexOf(stream, type), type);
  const at = stream.blocks.findIndex((block, index) => block.event === 'state' && index > indexOf(stream, type));
  return { at, data: JSON.parse((stream.blocks[at] as Block).data as string) };
}

/** The stream of who comes back from before a grant. A process that has not heard of it yet goes on, and tells it in the stream. */
async function backSinceChange(world: World, person: Caller, lastId: string): Promise<StreamReader> {
  for (let unheard = 0; ; unheard += 1) {
    const stream = await (await person.stream('', { headers: { 'last-event-id': lastId } })).live();
    const { resumed } = await stream.frame<{ resumed: boolean }>('connected');
    // The one that made the change has heard of it, and each other one once it has told it.
    if (!resumed || unheard === (world.harness.processes ?? 1) - 1) return stream;
    await stateAfter(stream, 'access.granted');
    await stream.close();
  }
}

function indexOf(stream: StreamReader, type: string): number {
  const at = stream.blocks.findIndex(({ data }) => data?.startsWith(`{"type":"${type}"`));
  return at === -1 ? Number.POSITIVE_INFINITY : at;
}

/** Who may see what, while it changes. */
export function membershipsContract(newWorld: NewWorld): void {
  describe('memberships', () => {
    it('A7: a person who is given a channel gets its items on the open stream, and then what comes', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      await world.send('topic:x', { title: 'Before' });
      const stream = await (await ada.stream()).live();
      await grant(world, 'topic:x', 'ada');
      const { data } = await stateAfter(stream, 'access.granted');
      expect(data).toMatchObject({ notifications: { items: [{ title: 'Before', channel: 'topic:x' }], unread: 1 } });
      await world.emit('topic:x', 'app.after');
      expect((await stream.messages(2)).map(({ type }) => type)).toEqual(['access.granted', 'app.after']);
      expect(stream.seen[0]).toMatchObject({ channel: 'user:ada', data: { channels: ['topic:x'] } });
      expect(await titles(ada)).toEqual(['Before']);
      await stream.close();
    });

    it('A7: nothing after a revocation comes, and its items vanish, without a reconnect', async () => {
      const world = newWorld();
      await grant(world, 'topic:x', 'ada');
      await world.send('topic:x', { title: 'Theirs' });
      const { id } = await world.send('topic:x', { title: 'Theirs too' });
      const ada = await world.person('ada');
      const stream = await (await ada.stream()).live();
      expect(await stream.frame('state')).toMatchObject({ notifications: { unread: 2 } });
      await revoke(world, 'topic:x', 'ada');
      await world.emit('topic:x', 'app.late');
      expect((await stateAfter(stream, 'access.revoked')).data).toMatchObject({
        notifications: { items: [], unread: 0 },
      });
      await world.emit('user:ada', 'app.end');
      expect((await stream.messages(2)).map(({ type }) => type)).toEqual(['access.revoked', 'app.end']);
      expectProblem(await ada.get(`/v1/inbox/${id}`), 'not_found');
      expectProblem(await ada.post(`/v1/inbox/${id}/read`), 'not_found');
      expect((await ada.get('/v1/inbox/count')).body).toEqual({ unread: 0, unseen: 0 });
      await stream.close();
    });

    it('a revocation overrides tokens from before it, and not those from after', async () => {
      const now = Math.floor(Date.now() / 1_000);
      const channels = ['topic:x', 'topic:p/*'];
      for (const claims of [{ channels }, { channels, iat: now - 60 }]) {
        const world = newWorld();
        const ada = await world.person('ada', claims);
        await world.send(['topic:x'], { title: 'x' });
        const stream = await (await ada.stream()).live();
        expect(await titles(ada)).toContain('x');
        await revoke(world, 'topic:x', 'ada');
        expect((await stateAfter(stream, 'access.revoked')).data).toMatchObject({ notifications: { items: [] } });
        expect(await titles(ada)).toEqual([]);
        await stream.close();
        expectProblem(await ada.get('/v1/stream?wait=0&channels=topic:x'), 'forbidden', 'channels');
        const later = await world.person('ada', { ...claims, iat: now + 60 });
        expect(await titles(later)).toContain('x');
      }
    });

    it('takes one channel from under a prefix, and leaves the others', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { channels: ['topic:p/*'] });
      for (const name of ['a', 'b', 'ab']) await world.send(`topic:p/${name}`, { title: name });
      const stream = await (await ada.stream()).live();
      await revoke(world, 'topic:p/a', 'ada');
      await stateAfter(stream, 'access.revoked');
      expect((await titles(ada)).sort()).toEqual(['ab', 'b']);
      await world.emit('topic:p/a', 'app.taken');
      await world.emit(['topic:p/a', 'topic:p/b'], 'app.kept');
      const [, kept] = await stream.messages(2);
      expect(kept).toMatchObject({ type: 'app.kept', channel: 'topic:p/b' });
      await stream.close();
      await grant(world, 'topic:p/a', 'ada');
      expect((await titles(ada)).sort()).toEqual(['a', 'ab', 'b']);
    });

    it('gives all of a prefix again to who holds it less what was taken from under it', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      for (const name of ['a', 'b']) await world.send(`topic:p/${name}`, { title: name });
      for (const take of [revoke, (one: World, channel: string) => revokeFromAll(one, channel)]) {
        await grant(world, 'topic:p/*', 'ada');
        expect((await titles(ada)).sort()).toEqual(['a', 'b']);
        await take(world, 'topic:p/a', 'ada');
        expect(await titles(ada)).toEqual(['b']);
      }
      await grant(world, 'topic:p/*', 'ada');
      expect((await titles(ada)).sort()).toEqual(['a', 'b']);
    });

    it('gives prefixes and roles as it gives channels, and takes them with all below', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      await world.send('topic:p/a', { title: 'p/a' });
      await world.send('role:admin', { title: 'admin' });
      for (const channel of ['topic:p/*', 'role:admin', 'topic:p/a']) await grant(world, channel, 'ada');
      expect((await titles(ada)).sort()).toEqual(['admin', 'p/a']);
      await revoke(world, 'topic:p/*', 'ada');
      expect(await titles(ada)).toEqual(['admin']);
      await revoke(world, 'role:admin', 'ada');
      expect(await titles(ada)).toEqual([]);
    });

    it('A7: a channel is taken from everybody at once, however they held it, and can be given anew', async () => {
      const world = newWorld();
      await grant(world, 'topic:p/x', 'ada');
      const people = [
        await world.person('ada'),
        await world.person('ben', { channels: ['topic:p/x'] }),
        await world.person('cy', { channels: ['topic:p/*'] }),
      ];
      await world.send('topic:p/x', { title: 'x' });
      const streams = await Promise.all(people.map(async (one) => (await one.stream()).live()));
      await revokeFromAll(world, 'topic:p/x');
      for (const stream of streams) {
        expect((await stateAfter(stream, 'access.revoked')).data).toMatchObject({ notifications: { items: [] } });
      }
      await world.emit('topic:p/x', 'app.late');
      await world.emit('all', 'app.end');
      for (const [index, stream] of streams.entries()) {
        expect((await stream.messages(2)).map(({ type }) => type)).toEqual(['access.revoked', 'app.end']);
        expect(await titles(people[index] as Caller)).toEqual([]);
        await stream.close();
      }
      expect((await world.service.get('/v1/memberships?channel=topic:p/x')).body).toMatchObject({ items: [] });
      await grant(world, 'topic:p/x', 'ada');
      expect(await titles(people[0] as Caller)).toEqual(['x']);
    });

    it('does not resume across a change: state with the reason access', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const stream = await (await ada.stream()).live();
      const { lastId } = stream;
      await stream.close();
      const again = await (await ada.stream('', { headers: { 'last-event-id': lastId } })).live();
      expect(await again.frame('connected')).toMatchObject({ resumed: true });
      await again.close();
      await world.send('topic:x', { title: 'x' });
      await grant(world, 'topic:x', 'ada');
      const after = await backSinceChange(world, ada, lastId);
      expect(await after.frame('connected')).toMatchObject({ resumed: false, reason: 'access' });
      expect(await after.frame('state')).toMatchObject({ notifications: { items: [{ title: 'x' }] } });
      const fromThere = await (await ada.stream('', { headers: { 'last-event-id': after.lastId } })).live();
      expect(await fromThere.frame('connected')).toMatchObject({
        resumed: true,
        channels: expect.arrayContaining(['topic:x']),
      });
      for (const open of [after, fromThere]) await open.close();
    });

    it('a long poll ends before a change, and the next one starts anew', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      const first = (await ada.get('/v1/stream?wait=0')).body as { cursor: string };
      await world.emit('user:ada', 'app.before');
      await grant(world, 'topic:x', 'ada');
      await world.emit('topic:x', 'app.after');
      const next = (await ada.get(`/v1/stream?wait=0&lastEventId=${first.cursor}`)).body;
      expect(next).toMatchObject({ resumed: false, reason: 'access', state: expect.anything() });
      const waiting = ada.get(`/v1/stream?wait=20&lastEventId=${(next as { cursor: string }).cursor}`);
      await revoke(world, 'topic:x', 'ada');
      expect((await waiting).body).toMatchObject({ resumed: false, reason: 'access' });
    });

    it('a stream asks for fewer channels by membership too, and loses what is revoked', async () => {
      const world = newWorld();
      const ada = await world.person('ada');
      expectProblem(await ada.get('/v1/stream?wait=0&channels=topic:x'), 'forbidden', 'channels');
      await grant(world, 'topic:x', 'ada');
      await grant(world, 'topic:y', 'ada');
      const stream = await (await ada.stream('?channels=topic:x,topic:y&state=none')).live();
      expect(await stream.frame('connected')).toMatchObject({ channels: ['topic:x', 'topic:y'] });
      await revoke(world, 'topic:x', 'ada');
      await world.emit('topic:x', 'app.taken');
      await world.emit('user:ada', 'app.not-asked-for');
      await world.emit('topic:y', 'app.kept');
      expect((await stream.messages(1)).map(({ type }) => type)).toEqual(['app.kept']);
      await stream.close();
    });

    it('tells nobody of what changes nothing', async () => {
      const world = newWorld();
      const watch = await (await world.service.stream()).live();
      await grant(world, 'topic:x', 'ada');
      await grant(world, 'topic:x', 'ada');
      await world.emit('all', 'app.end');
      expect((await watch.messages(2)).map(({ type }) => type)).toEqual(['access.granted', 'app.end']);
      await watch.close();
    });

    it('lists who holds a channel and what a person holds, page by page', async () => {
      const world = newWorld();
      for (const user of ['cy', 'ada', 'ben']) await grant(world, 'topic:x', user);
      await grant(world, 'role:admin', 'ada');
      const page = async (query: string) => (await world.service.get(`/v1/memberships?${query}`)).body as never;
      expect(await page('user=ada')).toEqual({
        items: [
          { channel: 'role:admin', user: 'ada' },
          { channel: 'topic:x', user: 'ada' },
        ],
        nextCursor: null,
      });
      const first: { items: { user: string }[]; nextCursor: string } = await page('channel=topic:x&limit=2');
      const rest: typeof first = await page(`channel=topic:x&limit=2&cursor=${first.nextCursor}`);
      expect([...first.items, ...rest.items].map(({ user }) => user)).toEqual(['ada', 'ben', 'cy']);
      expect(rest.nextCursor).toBeNull();
    });

    it('keeps tenants apart', async () => {
      const [ours, theirs] = [newWorld(), newWorld()];
      await grant(theirs, 'topic:x', 'ada');
      await ours.send('topic:x', { title: 'ours' });
      expect(await titles(await ours.person('ada'))).toEqual([]);
      expect((await ours.service.get('/v1/memberships?user=ada')).body).toMatchObject({ items: [] });
      await grant(ours, 'topic:x', 'ada');
      await revokeFromAll(theirs, 'topic:x');
      expect(await titles(await ours.person('ada'))).toEqual(['ours']);
    });

    it.each([
      ['PUT', '/v1/memberships', { channel: 'all', user: 'ada' }, 'channel'],
      ['PUT', '/v1/memberships', { channel: 'user:ada', user: 'ada' }, 'channel'],
      ['PUT', '/v1/memberships', { channel: 'role:a*', user: 'ada' }, 'channel'],
      ['PUT', '/v1/memberships', { channel: 'topic:x' }, 'user'],
      ['PUT', '/v1/memberships', { channel: 'topic:x', user: 'a b' }, 'user'],
      ['PUT', '/v1/memberships', { channel: 'topic:x', user: 'ada', role: 'x' }, 'role'],
      ['DELETE', '/v1/memberships?user=ada', undefined, 'channel'],
      ['DELETE', '/v1/memberships?channel=topic:x', undefined, 'user'],
      ['GET', '/v1/memberships', undefined, 'channel'],
      ['GET', '/v1/memberships?channel=topic:x&user=ada', undefined, 'channel'],
      ['GET', '/v1/memberships?user=ada&cursor=!', undefined, 'cursor'],
      ['DELETE', '/v1/channels?name=all', undefined, 'name'],
      ['DELETE', '/v1/channels?name=topic:x*', undefined, 'name'],
      ['DELETE', '/v1/channels', undefined, 'name'],
    ])('refuses %s %s %j, naming %s', async (method, path, body, field) => {
      expectProblem(await newWorld().service.call(method, path, body), 'invalid', field);
    });

    it('is for services: a person can give themselves nothing', async () => {
      const world = newWorld();
      const ada = await world.person('ada', { roles: ['admin'] });
      expectProblem(await ada.put('/v1/memberships', { channel: 'topic:x', user: 'ada' }), 'forbidden');
      expectProblem(await ada.delete(memberOf('topic:x', 'ben')), 'forbidden');
      expectProblem(await ada.delete('/v1/channels?name=topic:x'), 'forbidden');
      expectProblem(await ada.get('/v1/memberships?user=ada'), 'forbidden');
    });

    it('gives each reader exactly what they held at its number, however fast access changes', async () => {
      const world = newWorld();
      const people = ['ada', 'ben', 'cy'];
      const watch = await (await world.service.stream()).live();
      const streams = new Map<string, StreamReader>();
      for (const user of people) streams.set(user, await (await (await world.person(user)).stream()).live());
      const changes = people.map(async (user, at) => {
        for (let round = 0; round < 12; round += 1)
          await (round % 2 === at % 2 ? grant : revoke)(world, 'topic:x', user);
      });
      const writers = [0, 1].map(async () => {
        for (let round = 0; round < 40; round += 1) await world.emit('topic:x', 'app.tick');
      });
      await Promise.all([...changes, ...writers]);
      const last = await world.emit('all', 'app.end');
      const isLast = ({ id }: Block) => id === last;
      const all = await seenUntil(watch, isLast);
      for (const [user, stream] of streams) {
        const got = (await seenUntil(stream, isLast)).filter(({ type }) => type === 'app.tick').map(({ id }) => id);
        expect(got).toEqual(entitledTicks(all, user));
        await stream.close();
      }
      await watch.close();
    });
  });
}

async function seenUntil(stream: StreamReader, isLast: (block: Block) => boolean): Promise<Message[]> {
  await stream.block(isLast, 'the last');
  return stream.seen;
}

/** By the log alone: what was published to the topic while this person held it. */
function entitledTicks(log: readonly Message[], user: string): string[] {
  let holds = false;
  const ids: string[] = [];
  for (const { id, type, channel } of log) {
    if (channel === `user:${user}`) holds = type === 'access.granted';
    if (type === 'app.tick' && holds) ids.push(id);
  }
  return ids;
}
