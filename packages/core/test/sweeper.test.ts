import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCore, DEFAULT_RETENTION, readerOf, type Store } from '../src/index.ts';
import { openCore, person, service } from './support.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('the sweeper', () => {
  it('withdraws what expires within a second of its time, and tells of it', { retry: 2 }, async () => {
    const core = await openCore();
    core.sweeper.start();
    const expiresAt = core.clock.now() + 300;
    const { value } = await core.notifications.publish(service(), {
      to: ['user:ada'],
      type: 'a',
      title: 'x',
      expiresAt: new Date(expiresAt).toISOString(),
    });
    await vi.waitUntil(() => core.announced.some(({ type }) => type === 'notification.withdrawn'), {
      timeout: 30_000,
      interval: 5,
    });
    const withdrawn = core.announced.find(({ type }) => type === 'notification.withdrawn');
    expect(JSON.parse(withdrawn?.data as string)).toEqual({ id: value.id });
    const late = Date.parse(withdrawn?.time as string) - expiresAt;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(1_000);
    expect(await core.inbox.count(readerOf(person('ada'), core.clock.now()))).toEqual({ unread: 0, unseen: 0 });
    await core.end();
  });

  it('does at its start what fell due while nothing ran, in as many steps as it takes', async () => {
    const core = await openCore();
    const expiresAt = new Date(core.clock.now() + 60_000).toISOString();
    const bodies = Array.from({ length: 1_000 }, () => ({ to: ['user:ada'], type: 'a', title: 'x', expiresAt }));
    await core.notifications.publishBatch('default', bodies);
    await core.notifications.publishBatch('acme', bodies.slice(0, 5));
    core.advance(61_000);
    core.sweeper.start();
    await vi.waitUntil(() => core.announced.filter(({ type }) => type === 'notification.withdrawn').length === 1_005, {
      timeout: 30_000,
      interval: 10,
    });
    await core.end();
  });

  it('deletes events that are past their age', async () => {
    const core = await openCore();
    for (const title of ['1', '2', '3']) await core.notifications.publish(service(), { to: ['all'], type: 'a', title });
    core.advance(DEFAULT_RETENTION.maxAgeMs + 1_000);
    core.sweeper.start();
    await vi.waitUntil(async () => (await core.store.read('locate', { log: 'default', n: 1 })).oldest === 3, {
      timeout: 30_000,
    });
    await core.end();
  });

  it('looks every second while nothing is committed, when the first is due, and soon after each commit', async () => {
    vi.useFakeTimers();
    const looks: string[] = [];
    let nextInMs: number | null = null;
    const { sweeper, memberships } = createCore({
      store: scripted(async (name) => {
        looks.push(name);
        return { out: { ...NOTHING_DONE, nextInMs }, replayed: false, events: [] };
      }),
      announce: () => {},
    });
    const looksIn = async (ms: number) => {
      looks.splice(0);
      await vi.advanceTimersByTimeAsync(ms);
      return looks.filter((name) => name === 'expire').length;
    };
    sweeper.start();
    await looksIn(2_000);
    expect(await looksIn(10_000)).toBe(10);
    nextInMs = 500;
    await looksIn(2_000);
    expect(await looksIn(10_000)).toBe(20);
    nextInMs = null;
    await looksIn(2_000);
    for (let commits = 0; commits < 3; commits += 1) {
      await memberships.grant('default', 'ada', 'topic:a');
      expect(await looksIn(250)).toBe(1);
    }
    await sweeper.stop();
  });

  it('goes on after a failure, and tells of it once until it works again', async () => {
    vi.useFakeTimers();
    const failures: unknown[] = [];
    let calls = 0;
    let away = true;
    const failing = scripted(async () => {
      calls += 1;
      if (away) throw new Error('away');
      return { out: NOTHING_DONE, replayed: false, events: [] };
    });
    const { sweeper } = createCore({ store: failing, announce: () => {}, onError: (error) => failures.push(error) });
    sweeper.start();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(calls).toBeGreaterThanOrEqual(10);
    // One of each kind of work.
    expect(failures).toHaveLength(3);
    away = false;
    await vi.advanceTimersByTimeAsync(61_000);
    away = true;
    await vi.advanceTimersByTimeAsync(61_000);
    expect(failures).toHaveLength(6);
    await sweeper.stop();
  });

  it('gathers no queue while the store hangs, and leaves no timer when it stops', async () => {
    vi.useFakeTimers();
    const waiting: (() => void)[] = [];
    let calls = 0;
    const hanging = scripted(() => {
      calls += 1;
      return new Promise((resolve) => waiting.push(() => resolve({ out: NOTHING_DONE, replayed: false, events: [] })));
    });
    const { sweeper } = createCore({ store: hanging, announce: () => {} });
    sweeper.start();
    await vi.advanceTimersByTimeAsync(3_600_000);
    // One of each kind of work, however often they were due; neither waits for the other.
    expect(calls).toBe(3);
    // Once old events are gone, lines of runs go, and then old items.
    for (let step = 0; step < 5; step += 1) {
      waiting.shift()?.();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(calls).toBe(5);
    await sweeper.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

const NOTHING_DONE = { expired: 0, deleted: 0, next: null, done: 0, forgotten: 0, nextInMs: 0 };

/** A store of which only `commit` is ever asked. */
function scripted(commit: (name: string) => Promise<unknown>): Store {
  return {
    epoch: 'e',
    commit,
    read: () => Promise.reject(new Error('not asked')),
    close: () => Promise.resolve(),
  } as unknown as Store;
}
