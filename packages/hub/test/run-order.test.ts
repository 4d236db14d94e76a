import type { LogEvent } from '@belfry/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runStreamRequest } from '../src/index.ts';
import { openStore, TestHub, type TestHubOptions, type TestStore } from './support/hub.ts';
import { FAITHFUL, LossyNet } from './support/lossy-net.ts';
import { RunFollower } from './support/run-follower.ts';

/** Changes of access are committed through one hub. Another, on the same database, serves those whom they concern. */
let store: TestStore;
let net: LossyNet;
let writing: TestHub;
let serving: TestHub;
/** What the serving hub hears by the bus, which tells it nothing of the tenant's log. */
let heardOfRun: (event: LogEvent) => LogEvent;
/** Before what the serving hub reads. */
let reading: NonNullable<TestHubOptions['read']>;

beforeAll(async () => {
  store = await openStore();
});
beforeEach(() => {
  net = new LossyNet(FAITHFUL);
  heardOfRun = (event) => event;
  reading = (_, on) => on();
  const [here, there] = [net.join(), net.join()];
  there.hears = (event) => (event.run === undefined ? null : heardOfRun(event));
  const shared = { ...store, shared: true };
  writing = new TestHub(shared, { bus: here });
  serving = new TestHub(shared, { bus: there, tenant: writing.tenant, read: (call, on) => reading(call, on) });
});
afterEach(() => {
  writing.close();
  serving.close();
  net.close();
});
afterAll(() => store.end());

async function newRun(): Promise<string> {
  for (const user of ['ada', 'ben']) await writing.core.memberships.grant(writing.tenant, user, 'topic:ci');
  const { value } = await writing.core.runs.create(writing.tenant, {
    to: ['topic:ci'],
    kind: 'build',
    title: 'A build',
  });
  return value.id;
}

async function log(run: string, text: string): Promise<string> {
  return (await writing.core.runs.log(writing.tenant, run, [{ text }])).value.cursor;
}

const revoke = (user: string) => writing.core.memberships.revoke(writing.tenant, user, 'topic:ci');

function follow(user: string, run: string, cursor: string | null = null): RunFollower {
  return new RunFollower(serving.hub, runStreamRequest(serving.person(user), run, { cursor, fromStart: false }));
}

async function losesIt(follower: RunFollower): Promise<void> {
  await follower.has('event: closing');
  expect(follower.text).toContain('"access"');
  expect(follower.text).not.toContain('secret');
}

describe('who loses a run by what another process has committed', () => {
  it.each<[string, () => void]>([
    ['in full', () => {}],
    [
      'by a wake-up',
      () => {
        net.faults = { ...FAITHFUL, woken: 1 };
      },
    ],
    [
      'by a process of an earlier version',
      () => {
        heardOfRun = ({ after: _, ...event }) => event;
      },
    ],
  ])('is sent nothing that came after it, though the bus told of that alone, %s', async (_, tell) => {
    tell();
    const run = await newRun();
    const [ada, ben] = [follow('ada', run), follow('ben', run)];
    await log(run, 'before');
    await Promise.all([ada.has('before'), ben.has('before')]);
    await revoke('ada');
    await log(run, 'secret');
    await ben.has('secret');
    await losesIt(ada);
  });

  it('is not brought past it where their process begins to follow the run only then', async () => {
    const run = await newRun();
    const cursor = await log(run, 'before');
    const { promise: isCommitted, resolve: committed } = Promise.withResolvers<void>();
    const { promise: isSeen, resolve: seen } = Promise.withResolvers<void>();
    reading = async ([name, input], on) => {
      if (name === 'locate' && (input as { log: string }).log.endsWith(run)) await isCommitted;
      const found = await on();
      if (name === 'run') seen();
      return found;
    };
    const ada = follow('ada', run, cursor);
    await isSeen;
    await revoke('ada');
    await log(run, 'secret');
    committed();
    await losesIt(ada);
  });

  it('is not served what is in memory before it is known whether they may still come', async () => {
    const run = await newRun();
    const cursor = await log(run, 'before');
    const ben = follow('ben', run);
    await ben.has('before');
    await revoke('ada');
    await log(run, 'secret');
    await ben.has('secret');
    const { promise: isAsked, resolve: answer } = Promise.withResolvers<void>();
    reading = async ([name, input], on) => {
      if (name === 'run' && (input as { reader: { user: string } }).reader.user === 'ada') await isAsked;
      return on();
    };
    // Their request was let in when the run was still theirs.
    const [ada, again] = [follow('ada', run, cursor), follow('ben', run, cursor)];
    await again.has('secret');
    expect(ada.text).not.toContain('secret');
    answer();
    await losesIt(ada);
  });
});
