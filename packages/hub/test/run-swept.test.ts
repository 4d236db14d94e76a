import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runStreamRequest } from '../src/index.ts';
import { openStore, TestHub, type TestStore } from './support/hub.ts';
import { RunFollower } from './support/run-follower.ts';

let store: TestStore;
let test: TestHub;
/** Done when someone reads the run's log from its start. */
let atStart: (() => Promise<void>) | null = null;
beforeAll(async () => {
  store = await openStore();
});
afterEach(() => test.close());
afterAll(() => store.end());

function start(): void {
  test = new TestHub(store, {
    read: async ([name, input], on) => {
      const { log = '', after } = input as { log?: string; after?: number };
      if (name === 'readLog' && log.includes('/') && after === 0) await atStart?.();
      return on();
    },
  });
}

/** Lines of this tenant's runs go, but for the newest batch of each. */
async function sweep(): Promise<void> {
  await store.commit('retain', { maxAgeMs: 1e12, maxBytes: 1e12, limit: 1e6 });
  for (let deleted = 1; deleted > 0; ) {
    deleted = (await store.commit('retainRuns', { maxBytes: 0, limit: 1_000 })).out.deleted;
  }
}

async function runWith(lines: number): Promise<string> {
  const draft = { to: ['user:ada'], kind: 'build', title: 'A build' };
  const { value } = await test.core.runs.create(test.tenant, draft);
  await log(value.id, ...Array.from({ length: lines }, (_, at) => `line ${at + 1}.`));
  return value.id;
}

async function log(run: string, ...texts: string[]): Promise<void> {
  await Promise.all(texts.map((text) => test.core.runs.log(test.tenant, run, [{ text }])));
}

const follow = (run: string, cursor: string | null, fromStart = false) =>
  new RunFollower(test.hub, runStreamRequest(test.person('ada'), run, { cursor, fromStart }));

const linesIn = ({ text }: RunFollower) => [...text.matchAll(/line \d+/g)].map(([line]) => line);

describe('who follows a run whose lines are deleted by size', () => {
  it('goes on with what comes, and begins anew with a snapshot after a cursor that is kept no longer', async () => {
    start();
    const run = await runWith(3);
    const live = follow(run, null);
    await live.has('event: snapshot');
    await log(run, 'line 4.', 'line 5.');
    await live.has('line 5.');
    await sweep();
    await log(run, 'line 6.');
    await live.has('line 6.');
    expect(linesIn(live)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `line ${n}`));
    const [first] = [...live.text.matchAll(/^id: (\S+)/gm)].map(([, id]) => id as string);
    const again = follow(run, first ?? '');
    await again.has('line 6.');
    expect(again.text).toContain('event: snapshot');
    expect(linesIn(again)).toEqual(['line 5', 'line 6']);
  });

  it('is sent away where the sweep overtakes what they still had to read, and never past a hole', async () => {
    start();
    // More than is kept in memory.
    const run = await runWith(700);
    atStart = async () => {
      atStart = null;
      await sweep();
    };
    const overtaken = follow(run, null, true);
    await overtaken.has('event: closing');
    expect(overtaken.text).toContain('"unavailable"');
    expect(linesIn(overtaken)).toEqual([]);
    const again = follow(run, null, true);
    await again.has('line 700.');
    expect(linesIn(again)).toEqual(['line 700']);
  });
});
