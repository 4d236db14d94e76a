import { Caller, type StreamReader } from '@belfry/contract-tests/http';
import type { AppAnswer, Person, Store } from '@belfry/core';
import type { PollAnswer, StateFrame } from '@belfry/protocol';
import { meShape } from '@belfry/protocol/schemas';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

const NOTHING: AppAnswer = { roles: [], channels: [] };

/** The app's own tables, and how often it was asked. */
const app = {
  holds: new Map<string, AppAnswer | null>(),
  asked: 0,
  /** For whom its tables can't be read. */
  broken: new Set<string>(),
  /** Set: answers wait for it. */
  gate: null as Promise<void> | null,
};

async function ask({ user }: { user: string }): Promise<AppAnswer | null> {
  app.asked += 1;
  const answer = app.holds.get(user);
  await app.gate;
  if (app.broken.has(user)) throw new Error('password of the app’s database');
  return answer === undefined ? NOTHING : answer;
}

function signedIn(request: Request): Person | null {
  const user = request.headers.get('x-user');
  const none = { name: null, avatarUrl: null, roles: [], channels: [], readOnly: false, since: null, expiresAt: null };
  return user === null ? null : { kind: 'person', tenant: 'default', user, ...none };
}

describe('an app with its own rules of who may see what', () => {
  let test: TestServer;
  let people = 0;
  const open: StreamReader[] = [];
  beforeAll(async () => {
    test = await startServer({ principal: signedIn, access: ask });
  });
  afterEach(async () => {
    for (const stream of open.splice(0)) await stream.close();
  });
  afterAll(() => test.stop());

  const newUser = () => `u${++people}`;
  const as = (user: string) => new Caller(test.url, { 'x-user': user });
  const live = async (user: string) => {
    const stream = await (await as(user).stream()).live();
    open.push(stream);
    return stream;
  };
  const told = (to: string, type: string) => test.server.publish({ to, type, data: null });
  const states = (stream: StreamReader) => stream.blocks.filter(({ event }) => event === 'state').length;

  it('is asked once and then remembered, until it says that something changed', async () => {
    const user = newUser();
    app.holds.set(user, { roles: ['dev'], channels: ['topic:a'] });
    const before = app.asked;
    for (let n = 0; n < 5; n += 1) expect((await as(user).get('/v1/me')).body).toMatchObject({ roles: ['dev'] });
    expect(app.asked - before).toBe(1);
    app.holds.set(user, NOTHING);
    await test.server.invalidate(user);
    const { body } = await as(user).get('/v1/me');
    // And nothing of how it came by that.
    expect(meShape.strict().parse(body)).toMatchObject({ roles: [] });
    expect(app.asked - before).toBe(2);
  });

  it('changes what open streams carry, with a fresh state and without a word of the change itself', async () => {
    const user = newUser();
    app.holds.set(user, { roles: [], channels: ['topic:a'] });
    const stream = await live(user);
    app.holds.set(user, { roles: [], channels: ['topic:b'] });
    await test.server.invalidate(user);
    for (const topic of ['a', 'b']) await told(`topic:${topic}`, `app.${topic}`);
    await stream.block((block) => block.data?.includes('"app.b"') ?? false);
    expect(stream.seen.map(({ type }) => type)).toEqual(['app.b']);
    await stream.block(() => states(stream) === 2, 'a second state');
  });

  it('has later events of that person wait for the new answer, and nobody else’s', async () => {
    const [user, other] = [newUser(), newUser()];
    const [stream, others] = [await live(user), await live(other)];
    let answer = () => {};
    app.gate = new Promise((resolve) => {
      answer = resolve;
    });
    app.holds.set(user, { roles: [], channels: ['topic:c'] });
    const asked = app.asked;
    await test.server.invalidate(user);
    await told('all', 'app.all');
    await told('topic:c', 'app.c');
    await others.block((block) => block.data?.includes('"app.all"') ?? false);
    expect(app.asked).toBe(asked + 1);
    expect(stream.seen).toEqual([]);
    app.gate = null;
    answer();
    await stream.block((block) => block.data?.includes('"app.c"') ?? false);
    expect(stream.seen.map(({ type }) => type)).toEqual(['app.all', 'app.c']);
  });

  it('does not use an answer that was begun before a change', async () => {
    const user = newUser();
    app.holds.set(user, { roles: ['old'], channels: [] });
    let answer = () => {};
    app.gate = new Promise((resolve) => {
      answer = resolve;
    });
    const asked = app.asked;
    const early = as(user).get('/v1/me');
    await expect.poll(() => app.asked, { interval: 5 }).toBeGreaterThan(asked);
    app.gate = null;
    app.holds.set(user, { roles: ['new'], channels: [] });
    await test.server.invalidate(user);
    expect((await as(user).get('/v1/me')).body).toMatchObject({ roles: ['new'] });
    answer();
    await early;
    expect((await as(user).get('/v1/me')).body).toMatchObject({ roles: ['new'] });
  });

  it('does not resume across a change', async () => {
    const user = newUser();
    const stream = await live(user);
    const { lastId } = stream;
    await test.server.invalidate(user);
    const again = await (await as(user).stream('', { headers: { 'last-event-id': lastId } })).live();
    open.push(again);
    expect(await again.frame('connected')).toMatchObject({ resumed: false, reason: 'access' });
  });

  it('closes the streams of who may no longer be here, and refuses them from then on', async () => {
    const user = newUser();
    const stream = await live(user);
    app.holds.set(user, null);
    await test.server.invalidate(user);
    expect(await stream.frame('closing')).toMatchObject({ reason: 'access' });
    expect((await as(user).get('/v1/inbox')).status).toBe(403);
  });

  it('that fails has who asks come again, and is asked anew', async () => {
    const user = newUser();
    const stream = await live(user);
    app.broken.add(user);
    await test.server.invalidate(user);
    await told(`user:${user}`, 'app.later');
    expect(await stream.frame('closing')).toMatchObject({ reason: 'unavailable' });
    const refused = await as(user).get('/v1/inbox');
    expect([refused.status, refused.body]).toMatchObject([503, { code: 'unavailable' }]);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(refused.body)).not.toContain('password');
    app.broken.delete(user);
    expect((await as(user).get('/v1/inbox')).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ['a text', 'admin'],
    ['no channels', { roles: ['admin'] }],
    ['a text for a list', { roles: 'admin', channels: [] }],
    ['what is no channel', { roles: [], channels: ['topics:all'] }],
  ])('that answers with %s gives nobody anything by it', async (_, answer) => {
    const user = newUser();
    app.holds.set(user, answer as AppAnswer);
    expect((await as(user).get('/v1/inbox')).status).toBe(503);
  });

  describe('that takes something back after it was asked and before the database is', () => {
    afterEach(() => vi.restoreAllMocks());

    /** Before the first such read the app changes its mind; until that read is done nobody looks for the run again. */
    function changesBefore(user: string, isIt: (...call: Parameters<Store['read']>) => boolean) {
      const looked = Promise.withResolvers<void>();
      const { store, server } = test;
      const read = store.read.bind(store) as (...call: unknown[]) => Promise<unknown>;
      let isDue = true;
      vi.spyOn(store, 'read').mockImplementation((async (...call: Parameters<Store['read']>) => {
        if (call[0] === 'run') await looked.promise;
        if (!isDue || !isIt(...call)) return read(...call);
        isDue = false;
        app.holds.set(user, NOTHING);
        await server.invalidate(user);
        await server.core.runs.log('default', run, [{ text: 'secret' }]);
        await server.notify({ to: 'topic:a', type: 'note', title: 'secret' });
        return read(...call).finally(looked.resolve);
      }) as Store['read']);
    }

    let user: string;
    let run: string;
    beforeEach(async () => {
      user = newUser();
      app.holds.set(user, { roles: [], channels: ['topic:a'] });
      const { value } = await test.server.core.runs.create('default', { to: ['topic:a'], kind: 'b', title: 'A build' });
      run = value.id;
    });

    it.each(['', '?from=start'])('shows nothing of a run that is not theirs there: %s', async (from) => {
      let looks = 0;
      // The first is for the head of the answer, the second is the snapshot.
      changesBefore(
        user,
        (...[name, input]) => name === 'runAt' && (input as { id: string }).id === run && ++looks === 2,
      );
      const stream = await as(user).follow({ id: run }, from);
      open.push(stream);
      expect(await stream.frame('closing')).toMatchObject({ reason: 'access' });
      expect(stream.blocks.map(({ event }) => event).filter(Boolean)).toEqual(['closing']);
    });

    it('has no such thing in the state of a stream', async () => {
      changesBefore(user, (name) => name === 'state');
      const stream = await live(user);
      expect(await stream.frame('connected')).toMatchObject({ channels: [`user:${user}`, 'all'] });
      const { notifications, runs } = await stream.frame<StateFrame>('state');
      expect([notifications.items, notifications.unread, runs]).toEqual([[], 0, []]);
      expect(stream.seen).toEqual([]);
    });

    it('has no such thing in a poll', async () => {
      changesBefore(user, (name) => name === 'state');
      const { channels, state } = (await as(user).get('/v1/stream?wait=0')).body as PollAnswer;
      expect(channels).toEqual([`user:${user}`, 'all']);
      expect([state?.notifications.items, state?.runs]).toEqual([[], []]);
    });
  });

  describe('while a poll waits', () => {
    /** Of who holds `role:dev`, and has a notification by it. */
    async function waitingPoll(user: string) {
      app.holds.set(user, { roles: ['dev'], channels: [] });
      await test.server.notify({ to: 'role:dev', type: 'note', title: 'For developers' });
      const before = (await as(user).get('/v1/stream?wait=0')).body as PollAnswer;
      expect(before.state?.notifications.items).not.toEqual([]);
      const answering = as(user).with({ 'last-event-id': before.cursor }).get('/v1/stream?wait=25');
      await expect.poll(() => test.server.hub.stats.polls, { interval: 5 }).toBe(1);
      return { answering };
    }

    it('has its state by the new answer where something was taken', async () => {
      const user = newUser();
      const { answering } = await waitingPoll(user);
      app.holds.set(user, NOTHING);
      await test.server.invalidate(user);
      const { body } = await answering;
      expect(body).toMatchObject({ resumed: false, reason: 'access', channels: [`user:${user}`, 'all'] });
      expect((body as PollAnswer).state?.notifications.items).toEqual([]);
      const { cursor, access } = body as PollAnswer;
      const again = as(user).with({ 'last-event-id': cursor });
      expect((await again.get(`/v1/stream?wait=0&access=${access}`)).body).toMatchObject({ resumed: true });
    });

    it('is refused where they may no longer be here', async () => {
      const user = newUser();
      const { answering } = await waitingPoll(user);
      app.holds.set(user, null);
      await test.server.invalidate(user);
      expect((await answering).status).toBe(403);
    });
  });
});
