import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openStore, seeded, TestHub, type TestStore } from './support/hub.ts';
import { numberOf, type TestStream } from './support/stream.ts';

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

it('leaves no window between state and changes, however publishes race with opening', { timeout: 60_000 }, async () => {
  const seed = Math.floor(Math.random() * 1e9);
  const random = seeded(seed);
  const streams: TestStream[] = [];
  for (let round = 0; round < 150; round += 1) {
    const writing = Array.from({ length: Math.floor(random() * 4) }, () => test.notify('topic:t', `${round}`));
    for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1) await turn();
    streams.push(test.open(test.request(test.person(`u${round}`, { channels: ['topic:t'] }))));
    if (random() < 0.7) await Promise.all(writing);
  }
  const { cursor: last } = await test.notify('topic:t', 'last');
  await Promise.all(streams.map((stream) => stream.reaches(last)));
  const all = await test.stored();
  for (const stream of streams) {
    const at = numberOf(stream.idOf('state') as string);
    const before = all.slice(0, at);
    const { items, unread } = stream.state?.notifications ?? { items: [], unread: -1 };
    expect(
      items.map(({ cursor }) => cursor),
      `state, seed ${seed}`,
    ).toEqual(before.slice(-50).reverse());
    expect(unread, `unread, seed ${seed}`).toBe(before.length);
    expect(stream.ids, `changes, seed ${seed}`).toEqual(all.slice(at));
  }
});

it('leaves no window between a replay and what is live, however publishes race with resuming', {
  timeout: 60_000,
}, async () => {
  const seed = Math.floor(Math.random() * 1e9);
  const random = seeded(seed);
  const cursors = [await test.tell('topic:t')];
  const streams: { from: number; stream: TestStream }[] = [];
  for (let round = 0; round < 300; round += 1) {
    const writing = Array.from({ length: Math.floor(random() * 4) }, () =>
      test.tell(random() < 0.8 ? 'topic:t' : 'topic:u'),
    );
    for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1) await turn();
    const cursor = cursors[Math.floor(random() * cursors.length)] as string;
    const request = test.request(test.person(`u${round}`, { channels: ['topic:t'] }), { cursor });
    streams.push({ from: numberOf(cursor), stream: test.open(request) });
    if (random() < 0.7) cursors.push(...(await Promise.all(writing)));
  }
  const last = await test.tell('topic:t');
  await Promise.all(streams.map(({ stream }) => stream.reaches(last)));
  const all = await test.stored({ everything: false, exact: ['topic:t'], prefixes: [] });
  for (const { from, stream } of streams) {
    expect(stream.connected.resumed).toBe(true);
    expect(stream.ids, `after ${from}, seed ${seed}`).toEqual(all.filter((id) => numberOf(id) > from));
  }
});
