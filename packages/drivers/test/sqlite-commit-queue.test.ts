import { describe, expect, test } from 'vitest';
import type { WriteCall } from '../src/store/sql/write-ops.ts';
import { CommitQueue } from '../src/store/sqlite/commit-queue.ts';
import { NotPlainError, type Outcome } from '../src/store/sqlite/failures.ts';

/** A writer that commits when it is told to. */
function heldWriter() {
  const groups: { calls: WriteCall[]; answer: (outcomes: Outcome[]) => void; fail: (error: Error) => void }[] = [];
  const queue = new CommitQueue((calls) => new Promise((answer, fail) => groups.push({ calls, answer, fail })));
  const commitNext = () => {
    const group = groups.shift();
    group?.answer(group.calls.map((call) => ({ ok: call.input })));
  };
  return { queue, groups, commitNext };
}

const call = (input: unknown) => ({ name: 'publish', input }) as WriteCall;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the commit queue', () => {
  test('gives an idle writer what there is at once, and a busy one all that gathered', async () => {
    const { queue, groups, commitNext } = heldWriter();
    const results: unknown[] = [];
    const add = (input: number) => queue.add(call(input)).then((result) => results.push(result));
    add(1);
    await turn();
    expect(groups.map((group) => group.calls.length)).toEqual([1]);
    for (const input of [2, 3, 4]) add(input);
    await turn();
    expect(groups).toHaveLength(1);
    commitNext();
    await turn();
    expect(groups.map((group) => group.calls.length)).toEqual([3]);
    add(5);
    commitNext();
    await turn();
    commitNext();
    await queue.idle();
    expect(results).toEqual([1, 2, 3, 4, 5]);
  });

  test('bounds a group by its weight, and lets a single heavy one through', async () => {
    const { queue, groups, commitNext } = heldWriter();
    const batch = (drafts: number) => void queue.add(call({ drafts: Array.from({ length: drafts }, () => 0) }));
    for (const drafts of [600, 600, 1_000, 300, 300]) batch(drafts);
    const sizes: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      await turn();
      sizes.push(groups[0]?.calls.length as number);
      commitNext();
    }
    expect(sizes).toEqual([1, 1, 1, 2]);
    await queue.idle();
  });

  test('refuses more than it can hold', async () => {
    const { queue, groups, commitNext } = heldWriter();
    const works = Array.from({ length: 20_000 }, (_, index) => queue.add(call(index)));
    await expect(queue.add(call(0))).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
    while (groups.length === 0) await turn();
    const done = Promise.all(works);
    const pump = setInterval(commitNext, 0);
    await done;
    clearInterval(pump);
    await queue.idle();
  });

  test('refuses more bytes than it can hold, but always takes one', async () => {
    const { queue, groups, commitNext } = heldWriter();
    const large = { drafts: Array.from({ length: 10 }, () => ({ body: 'x'.repeat(2_000_000) })) };
    const works = [1, 2, 3].map(() => queue.add(call(large)));
    await expect(queue.add(call(large))).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
    works.push(queue.add(call('a small one')));
    await turn();
    while (groups.length > 0) {
      commitNext();
      await turn();
    }
    await Promise.all(works);
    await queue.idle();
    const enormous = queue.add(call('x'.repeat(100_000_000)));
    await turn();
    commitNext();
    await enormous;
  });

  test('fails only the member that cannot be sent', async () => {
    const send = async (calls: WriteCall[]): Promise<Outcome[]> => {
      if (calls.some(({ input }) => (input as unknown) === 'bad')) throw new NotPlainError('bad');
      return calls.map(({ input }) => ({ ok: input }));
    };
    const queue = new CommitQueue(send);
    const results = await Promise.allSettled(['a', 'bad', 'c'].map((input) => queue.add(call(input))));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
