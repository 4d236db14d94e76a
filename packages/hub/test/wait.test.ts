import { BelfryError } from '@belfry/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
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

const never = new AbortController().signal;

/** Waits for an event on ada's channel; `look` gives how often it has looked. */
function waitFor(isOver: (looks: number) => boolean, onLook: (looks: number) => unknown = () => {}, signal = never) {
  let looks = 0;
  const look = async () => {
    looks += 1;
    await onLook(looks);
    return looks;
  };
  const { principal } = test.request('ada');
  const wait = { principal, channel: 'user:ada', concerns: () => true, look, isOver };
  return test.hub.wait(wait, 15_000, signal);
}

describe('a wait', () => {
  it('looks once where it is over at once', async () => {
    expect(await waitFor(() => true)).toBe(1);
    expect(test.hub.stats.polls).toBe(0);
  });

  it('misses nothing that happens between its look and the wait after it', async () => {
    const onLook = (looks: number) => (looks === 1 ? test.tell('user:ada') : null);
    expect(await waitFor((looks) => looks === 2, onLook)).toBe(2);
  }, 10_000);

  it('counts among what a process takes on, and is refused with the rest', async () => {
    const abort = new AbortController();
    const waiting = waitFor(() => false, undefined, abort.signal);
    await vi.waitUntil(() => test.hub.stats.polls === 1);
    abort.abort();
    expect(await waiting).toBeGreaterThan(0);
    await test.hub.drain(0);
    await expect(waitFor(() => false)).rejects.toThrow(BelfryError);
  });

  it('gives back its place where a look fails', async () => {
    const failing = () => Promise.reject(new BelfryError('not_found', 'It is gone.'));
    await expect(waitFor(() => false, failing)).rejects.toThrow('It is gone.');
    expect(test.hub.stats.polls).toBe(0);
  });

  it.each([
    ['a person', 32, () => test.request('ada').principal],
    ['the services of a tenant', 1_000, () => test.service()],
  ] as const)('of %s is one of at most %i: the oldest ends with what there is', async (_, most, principalOf) => {
    const abort = new AbortController();
    const principal = principalOf();
    const ended: number[] = [];
    const waitOf = (n: number) => {
      const wait = { principal, channel: 'user:ada', concerns: () => true, look: async () => n, isOver: () => false };
      return test.hub.wait(wait, 60_000, abort.signal).then((found) => ended.push(found));
    };
    const waits = Array.from({ length: most }, (_, n) => waitOf(n));
    await test.tell('user:eve');
    expect(ended).toEqual([]);
    waits.push(waitOf(most), waitOf(most + 1));
    await Promise.all(waits.slice(0, 2));
    expect([ended, test.hub.stats.polls]).toEqual([[0, 1], most]);
    abort.abort();
    await Promise.all(waits);
  });
});
