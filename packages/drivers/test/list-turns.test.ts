import { reader } from '@belfry/contract-tests/samples';
import type { ReadName, Reads } from '@belfry/core';
import { describe, expect, test } from 'vitest';
import { ListTurns } from '../src/store/list-turns.ts';

/** Reads that end when they are told to, in the order in which they began. */
function heldReads() {
  const turns = new ListTurns();
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const run = <Name extends ReadName>(label: string, name: Name, input: Reads[Name]['in']) =>
    turns.run(name, input, () => {
      begun.push(label);
      return new Promise((resolve) => ends.push(() => resolve(label)));
    });
  const query = { filter: 'all' as const, before: null, limit: 50 };
  const list = (user: string) => run(user, 'inbox', { reader: reader('default', user), query });
  const endNext = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, run, list, endNext };
}

describe('the turns of lists', () => {
  test('two at once; everything else goes past them', async () => {
    const { begun, run, list, endNext } = heldReads();
    const works = ['ada', 'ada', 'ada'].map(list);
    works.push(run('state', 'state', { reader: reader('default', 'ben'), limit: 50 }));
    expect(begun).toEqual(['ada', 'ada', 'state']);
    await endNext();
    expect(begun).toEqual(['ada', 'ada', 'state', 'ada']);
    for (let n = 0; n < 3; n += 1) await endNext();
    expect(await Promise.all(works)).toEqual(['ada', 'ada', 'ada', 'state']);
  });

  test('one person after the other, and the services of a tenant like a person', async () => {
    const { begun, run, list, endNext } = heldReads();
    const works = ['ada', 'ada', 'ada', 'ada', 'ben'].map(list);
    works.push(run('service', 'notifications', { tenant: 'default', query: { before: null, limit: 50 } }));
    works.push(list('ben'));
    for (let n = 0; n < 7; n += 1) await endNext();
    await Promise.all(works);
    expect(begun).toEqual(['ada', 'ada', 'ada', 'ben', 'service', 'ada', 'ben']);
  });

  test('a person who asks for too many is told so, and others are not', async () => {
    const { begun, list, endNext } = heldReads();
    const works = Array.from({ length: 18 }, () => list('ada'));
    await expect(list('ada')).rejects.toMatchObject({ code: 'rate_limited', status: 429, retryAfter: 1 });
    works.push(list('ben'));
    for (let n = 0; n < 19; n += 1) await endNext();
    await Promise.all(works);
    expect(begun).toHaveLength(19);
  });

  test('all together wait in a bounded number', async () => {
    const { list, endNext } = heldReads();
    const works = Array.from({ length: 1_002 }, (_, n) => list(`user-${n}`));
    await expect(list('ada')).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
    for (let n = 0; n < 1_002; n += 1) await endNext();
    await Promise.all(works);
  });

  test('a list that fails gives its turn on', async () => {
    const turns = new ListTurns();
    const input = { tenant: 'default', query: { before: null, limit: 50 } };
    const fail = () => turns.run('notifications', input, () => Promise.reject(new Error('broken')));
    const results = await Promise.allSettled(Array.from({ length: 10 }, fail));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await turns.run('notifications', input, async () => 'well')).toBe('well');
  });
});
