import { reader } from '@belfry/contract-tests/samples';
import type { Reader } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GatheredReads, type GatheredReadsOptions } from '../src/store/gathered-reads.ts';
import { ReadTurns } from '../src/store/read-turns.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** An engine that answers a group when it is told to, and what it was asked. */
function heldEngine({ waitMs = null }: Partial<GatheredReadsOptions> = {}) {
  const groups: { users: string[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const reads = new GatheredReads({
    turns: new ReadTurns(null),
    waitMs,
    read: (_, inputs) =>
      new Promise((resolve, fail) => {
        const users = inputs.map((input) => (input as { reader: Reader }).reader.user);
        groups.push({ users, answer: () => resolve(users.map((user) => `${user}'s`)), fail });
      }),
  });
  const ask = (user: string, tenant = 'default') => reads.run('access', { reader: reader(tenant, user) });
  return { groups, ask };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
async function nextGroup(groups: { users: string[] }[], count: number): Promise<string[]> {
  while (groups.length < count) {
    await turn();
    await vi.advanceTimersByTimeAsync(1);
  }
  return groups[count - 1]?.users ?? [];
}

describe('gathered reads', () => {
  test('are asked for together: those of one turn, and then those who came while it was under way', async () => {
    const { groups, ask } = heldEngine();
    const first = [ask('ada'), ask('ben')];
    expect(await nextGroup(groups, 1)).toEqual(['ada', 'ben']);
    const later = ['eve', 'ida', 'joe'].map((user) => ask(user));
    await turn();
    expect(groups).toHaveLength(1);
    groups[0]?.answer();
    expect(await Promise.all(first)).toEqual(["ada's", "ben's"]);
    expect(await nextGroup(groups, 2)).toEqual(['eve', 'ida', 'joe']);
    groups[1]?.answer();
    expect(await Promise.all(later)).toEqual(["eve's", "ida's", "joe's"]);
  });

  test('have nobody twice in a group, and everybody who asks once in the next, however much one has in flight', async () => {
    const { groups, ask } = heldEngine();
    for (let n = 0; n < 60; n += 1) void ask('ada');
    void ask('ben');
    void ask('ada', 'other');
    void ask('eve', 'other');
    expect((await nextGroup(groups, 1)).sort()).toEqual(['ada', 'ada', 'ben', 'eve']);
    groups[0]?.answer();
    void ask('ida');
    expect((await nextGroup(groups, 2)).sort()).toEqual(['ada', 'ida']);
  });

  test('are no more than 32 in a group, one tenant after the other', async () => {
    const { groups, ask } = heldEngine();
    for (let n = 0; n < 60; n += 1) void ask(`user${n}`);
    for (let n = 0; n < 5; n += 1) void ask(`eve${n}`, 'other');
    const group = await nextGroup(groups, 1);
    expect(group).toHaveLength(32);
    expect(group.filter((user) => user.startsWith('eve'))).toHaveLength(5);
  });

  test('are asked for one by one where together they failed, so that only the one at fault is refused', async () => {
    const { groups, ask } = heldEngine();
    const works = Promise.allSettled(['ada', 'bad', 'eve'].map((user) => ask(user)));
    await nextGroup(groups, 1);
    groups[0]?.fail(new Error('broken'));
    for (const [index, user] of ['ada', 'bad', 'eve'].entries()) {
      expect(await nextGroup(groups, index + 2)).toEqual([user]);
      if (user === 'bad') groups[index + 1]?.fail(new Error('bad'));
      else groups[index + 1]?.answer();
    }
    const [ada, bad, eve] = await works;
    expect([ada, eve]).toMatchObject([{ value: "ada's" }, { value: "eve's" }]);
    expect(bad).toMatchObject({ reason: { message: 'bad' } });
  });

  test('are not asked for again where the database is away', async () => {
    const { groups, ask } = heldEngine();
    const works = Promise.allSettled(['ada', 'ben'].map((user) => ask(user)));
    await nextGroup(groups, 1);
    groups[0]?.fail(new BelfryError('unavailable', 'away'));
    const results = await works;
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(groups).toHaveLength(1);
  });

  test('wait for their group in bounded numbers of each, and no longer than they may', async () => {
    const { groups, ask } = heldEngine({ waitMs: 1_000 });
    void ask('ben');
    await nextGroup(groups, 1);
    const waiting = Array.from({ length: 128 }, () => ask('ada').catch((error: unknown) => error));
    await expect(ask('ada')).rejects.toMatchObject({ code: 'rate_limited' });
    await vi.advanceTimersByTimeAsync(1_000);
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ code: 'unavailable' });
  });
});
