import { parseCursor } from '@belfry/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore, TestHub, type TestStore } from './support/hub.ts';

let store: TestStore;
let test: TestHub;
beforeAll(async () => {
  store = await openStore();
});
beforeEach(() => {
  test = new TestHub(store);
});
afterEach(() => test.close());
afterAll(() => store.end());

/** As a request stands whose access was read a moment before the change: with the rows of then. */
describe('a change of access between the request and its state', () => {
  for (const wantsState of [true, false]) {
    const how = wantsState ? 'with state' : 'without state';

    it(`is in force from the start where it gave something, ${how}`, async () => {
      const before = test.request('ada', { wantsState });
      await test.core.memberships.grant(test.tenant, 'ada', 'topic:x');
      const stream = await test.openLive(before);
      expect(stream.connected.channels).toContain('topic:x');
      const told = await test.tell('topic:x');
      await stream.has(told);
    });

    it(`is in force from the start where it took something, ${how}`, async () => {
      const before = test.request(test.person('ada', { channels: ['topic:x'], issuedAt: 0 }), { wantsState });
      await test.core.memberships.revoke(test.tenant, 'ada', 'topic:x');
      const stream = await test.openLive(before);
      await test.tell('topic:x');
      const last = await test.tell('all');
      await stream.has(last);
      expect(stream.ids).toEqual([last]);
    });
  }
});

describe('a change of access', () => {
  it('while a stream replays is met at its number: what was taken comes up to there and no further', async () => {
    const ada = test.person('ada', { channels: ['topic:x'], issuedAt: 0 });
    const slow = await test.openLive(test.request(ada, { wantsState: false }));
    slow.sink.pause();
    const told: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      told.push(await test.tell('topic:x'));
      if (n === 9) await test.core.memberships.revoke(test.tenant, 'ada', 'topic:x');
    }
    slow.sink.resume();
    const last = await test.tell('all');
    await slow.has(last);
    expect(slow.ids.filter((id) => told.includes(id))).toEqual(told.slice(0, 10));
  });

  it('is followed by state where there was one, and by nothing where none was wanted', async () => {
    for (const wantsState of [true, false]) {
      const stream = await test.openLive(test.request('ada', { wantsState }));
      const frames = () => stream.messages.filter(({ event }) => event === 'state').length;
      const before = frames();
      await test.core.memberships.grant(test.tenant, 'ada', `topic:${wantsState}`);
      const last = await test.tell(`topic:${wantsState}`);
      await stream.has(last);
      if (wantsState) await stream.until(() => frames() > before, 'its state');
      expect(frames() - before).toBe(wantsState ? 1 : 0);
    }
  });
});

describe('what a stream is shown between a change of access and its state', () => {
  it('has the artifacts of a run, by addresses for persons', async () => {
    const run = { to: ['user:ada' as const], kind: 'build', title: 'A build' };
    const { value } = await test.core.runs.create(test.tenant, run);
    const stream = await test.openLive(test.request('ada'));
    stream.sink.pause();
    await test.tell('user:ada', 'x'.repeat(20_000));
    await test.core.memberships.grant(test.tenant, 'ada', 'topic:x');
    const artifacts = [{ name: 'report', url: 'https://files.example.com/report' }];
    await test.core.runs.change(test.tenant, value.id, { status: 'succeeded', artifacts });
    stream.sink.resume();
    const finished = () => stream.events.find(({ envelope }) => envelope.type === 'run.finished');
    await stream.until(() => finished() !== undefined, 'the end of the run');
    const url = expect.stringMatching(/^\/v1\/runs\//);
    expect(finished()?.envelope.data).toMatchObject({ run: { artifacts: [{ name: 'report', url }] } });
    expect(parseCursor(finished()?.id as string)?.owesState).toBe(true);
  });
});

describe('a stream that is cut between a change of access and its state', () => {
  it('does not resume past it, whichever of the two it was cut after', async () => {
    const stream = await test.openLive(test.request('ada'));
    await test.core.memberships.grant(test.tenant, 'ada', 'topic:x');
    await stream.until(() => stream.messages.filter(({ event }) => event === 'state').length === 2, 'a second state');
    const second = stream.messages.findLastIndex(({ event }) => event === 'state');
    const between = stream.messages.slice(0, second).findLast(({ event }) => event === undefined)?.id as string;
    const rows = (await test.core.store.read('access', { reader: reader('ada') })).rows;
    const again = async (cursor: string) => test.openLive(test.request('ada', { cursor, rows }));
    expect((await again(between)).connected).toMatchObject({ resumed: false, reason: 'access' });
    expect((await again(stream.heartbeats.at(-1)?.id as string)).connected).toMatchObject({ resumed: false });
    expect((await again(stream.messages[second]?.id as string)).connected).toMatchObject({ resumed: true });
  });
});

const reader = (user: string) => ({ tenant: test.tenant, user, grants: test.request(user).grants, since: 0 });
