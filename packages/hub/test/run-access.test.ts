import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runStreamRequest } from '../src/index.ts';
import { openStore, TestHub, type TestStore } from './support/hub.ts';
import { RunFollower } from './support/run-follower.ts';

let store: TestStore;
let test: TestHub;
/** Holds up whoever looks for the run, once it is set. */
let looking: Promise<void> | null;
beforeAll(async () => {
  store = await openStore();
});
beforeEach(() => {
  looking = null;
  test = new TestHub(store, {
    read: async ([name], on) => {
      if (name === 'run' && looking !== null) await looking;
      return on();
    },
  });
});
afterEach(() => test.close());
afterAll(() => store.end());

async function follow(user: string, run: string): Promise<RunFollower> {
  const follower = new RunFollower(
    test.hub,
    runStreamRequest(test.person(user), run, { cursor: null, fromStart: false }),
  );
  await follower.has('event: snapshot');
  return follower;
}

describe('who follows a run', () => {
  async function newRun(): Promise<string> {
    for (const user of ['ada', 'ben']) await test.core.memberships.grant(test.tenant, user, 'topic:ci');
    const { value } = await test.core.runs.create(test.tenant, { to: ['topic:ci'], kind: 'build', title: 'A build' });
    return value.id;
  }

  const log = (run: string, text: string) => test.core.runs.log(test.tenant, run, [{ text }]);

  it('is sent nothing while it is looked for whether they may still see it, and no line from after the loss', async () => {
    const run = await newRun();
    const [ada, ben] = [await follow('ada', run), await follow('ben', run)];
    await log(run, 'before');
    await Promise.all([ada.has('before'), ben.has('before')]);
    const { promise, resolve: found } = Promise.withResolvers<void>();
    looking = promise;
    await test.core.memberships.revoke(test.tenant, 'ada', 'topic:ci');
    await log(run, 'secret');
    await ben.has('secret');
    found();
    await ada.has('event: closing');
    expect(ada.text).toContain('"access"');
    expect(ada.text).not.toContain('secret');
  });

  it('is sent all of it in order where they may', async () => {
    const run = await newRun();
    const ada = await follow('ada', run);
    const { promise, resolve: found } = Promise.withResolvers<void>();
    looking = promise;
    await test.core.memberships.grant(test.tenant, 'ada', 'topic:other');
    for (const text of ['one', 'two', 'three']) await log(run, text);
    expect(ada.text).not.toContain('one');
    found();
    await ada.has('three');
    expect([...ada.text.matchAll(/"text":"(\w+)"/g)].map(([, text]) => text)).toEqual(['one', 'two', 'three']);
  });
});
