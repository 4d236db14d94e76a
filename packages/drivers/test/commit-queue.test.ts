import { describe, expect, test } from 'vitest';
import { CommitQueue, type Settled } from '../src/store/commit-queue.ts';
import type { WriteCall } from '../src/store/sql/write-ops.ts';

/** A writer that commits when it is told to. */
function heldWriter() {
  const groups: {
    lane: string;
    calls: WriteCall[];
    letOn: () => void;
    answer: (outcomes: Settled[]) => void;
    fail: (error: Error) => void;
  }[] = [];
  const queue = new CommitQueue(
    (lane, calls, letOn) => new Promise((answer, fail) => groups.push({ lane, calls, letOn, answer, fail })),
  );
  const commitNext = () => {
    const group = groups.shift();
    group?.answer(group.calls.map((call) => ({ ok: call.input })));
  };
  return { queue, groups, commitNext };
}

const call = (input: unknown) => ({ name: 'publish', input }) as WriteCall;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the commit queue', () => {
  test('gives an idle writer what there is when a turn of the loop ends, and a busy one all that gathered', async () => {
    const { queue, groups, commitNext } = heldWriter();
    const results: unknown[] = [];
    const add = (input: number) => queue.add('one', call(input)).then((result) => results.push(result));
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

  test('takes along what is called later in the same turn', async () => {
    const { queue, groups, commitNext } = heldWriter();
    const works = [queue.add('one', call('first'))];
    for (let later = 0; later < 10; later += 1) await new Promise<void>((resolve) => process.nextTick(resolve));
    works.push(queue.add('one', call('later')));
    await turn();
    expect(groups.map((group) => group.calls.length)).toEqual([2]);
    commitNext();
    await Promise.all(works);
    await queue.idle();
  });

  test('counts each row of a relay', async () => {
    const { queue, groups, commitNext } = heldWriter();
    for (const rows of [600, 600]) void queue.add('one', call({ rows: Array.from({ length: rows }, () => 0) }));
    await turn();
    expect(groups[0]?.calls).toHaveLength(1);
    commitNext();
    await turn();
    commitNext();
    await queue.idle();
  });

  test('bounds a group by its weight, and lets a single heavy one through', async () => {
    const { queue, groups, commitNext } = heldWriter();
    const batch = (drafts: number) => void queue.add('one', call({ drafts: Array.from({ length: drafts }, () => 0) }));
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

  test('sends much behind one group that lets it, a little behind none, and answers in the order of the calls', async () => {
    const { queue, groups } = heldWriter();
    const told: string[] = [];
    const add = (name: string, drafts: number) =>
      void queue.add('one', call({ name, drafts: Array.from({ length: drafts }, () => 0) })).then(
        () => told.push(name),
        () => told.push(`${name} failed`),
      );
    const sent = async () => {
      await turn();
      return groups.map(({ calls }) => calls.map(({ input }) => (input as unknown as { name: string }).name).join());
    };
    const answer = (at: number) => groups[at]?.answer([{ ok: null }, { ok: null }]);
    add('first', 1);
    expect(await sent()).toEqual(['first']);
    add('much', 900);
    expect(await sent()).toEqual(['first']);
    groups[0]?.letOn();
    expect(await sent()).toEqual(['first', 'much']);
    groups[1]?.letOn();
    add('too many', 900);
    expect(await sent()).toEqual(['first', 'much']);
    answer(1);
    expect([await sent(), told]).toEqual([['first', 'much'], []]);
    answer(0);
    expect(await sent()).toEqual(['first', 'much', 'too many']);
    expect(told).toEqual(['first', 'much']);
    groups[2]?.letOn();
    add('a little', 249);
    expect(await sent()).toHaveLength(3);
    add('and a little more', 1);
    expect((await sent())[3]).toBe('a little,and a little more');
    groups[2]?.fail(new Error('lost'));
    await turn();
    answer(3);
    await queue.idle();
    expect(told).toEqual(['first', 'much', 'too many failed', 'a little', 'and a little more']);
  });

  test('refuses more than it can hold', async () => {
    const { queue, groups, commitNext } = heldWriter();
    const works = Array.from({ length: 20_000 }, (_, index) => queue.add('one', call(index)));
    await expect(queue.add('one', call(0))).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
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
    const works = [1, 2, 3].map(() => queue.add('one', call(large)));
    await expect(queue.add('one', call(large))).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
    works.push(queue.add('one', call('a small one')));
    await turn();
    while (groups.length > 0) {
      commitNext();
      await turn();
    }
    await Promise.all(works);
    await queue.idle();
    const enormous = queue.add('one', call('x'.repeat(60_000_000)));
    await turn();
    commitNext();
    await enormous;
  });

  test('fails only the member that cannot be stored', async () => {
    const { queue, groups, commitNext } = heldWriter();
    const inputs = ['a', () => 'bad', 'c', { deep: [Symbol('bad')] }];
    const works = Promise.allSettled(inputs.map((input) => queue.add('one', call(input))));
    await turn();
    expect(groups[0]?.calls.map(({ input }) => input)).toEqual(['a', 'c']);
    commitNext();
    expect((await works).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  });

  test('lets nobody wait for another lane', async () => {
    const { queue, groups, commitNext } = heldWriter();
    const works = ['one', 'other', 'one', 'other'].map((lane) => queue.add(lane, call(lane)));
    await turn();
    expect(groups.map(({ lane, calls }) => [lane, calls.length])).toEqual([
      ['one', 2],
      ['other', 2],
    ]);
    const late = queue.add('one', call('late'));
    await turn();
    expect(groups).toHaveLength(2);
    commitNext();
    commitNext();
    await turn();
    commitNext();
    await Promise.all([...works, late]);
    await queue.idle();
  });
});
