import { reader } from '@belfry/contract-tests/samples';
import type { ReadName, Reads } from '@belfry/core';
import { EVERYTHING } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { ReadTurns } from '../src/store/read-turns.ts';

/** Reads that end when they are told to, in the order in which they began. */
function heldReads() {
  const turns = new ReadTurns(null);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const run = <Name extends ReadName>(label: string, name: Name, input: Reads[Name]['in']) =>
    turns.run(name, input, () => {
      begun.push(label);
      return new Promise((resolve) => ends.push(() => resolve(label)));
    });
  const query = { filter: 'all' as const, before: null, limit: 50 };
  const list = (user: string) => run(user, 'inbox', { reader: reader('default', user), query });
  const count = (user: string, tenant = 'default') => run(user, 'counts', { reader: reader(tenant, user) });
  const endNext = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const endAll = async () => {
    while (ends.length > 0) await endNext();
  };
  return { begun, run, list, count, endNext, endAll };
}

describe('the turns of reads', () => {
  test('four at once, then one tenant after the other, and in each one person after the other', async () => {
    const { begun, run, count, endAll } = heldReads();
    const works = Array.from({ length: 8 }, () => count('ada'));
    works.push(count('ben'), count('ben'), count('eve', 'other'), count('eve', 'other'));
    works.push(run('service', 'notification', { tenant: 'default', id: 'x' }));
    expect(begun).toEqual(['ada', 'ada', 'ada', 'ada']);
    await endAll();
    await Promise.all(works);
    expect(begun.slice(4)).toEqual(['ada', 'eve', 'ben', 'eve', 'service', 'ada', 'ben', 'ada', 'ada']);
  });

  test('what Belfry itself asks goes past all of them', async () => {
    const { begun, run, count, endAll } = heldReads();
    const works = Array.from({ length: 8 }, () => count('ada'));
    works.push(run('heads', 'heads', { logs: [] }), run('tail', 'locate', { log: 'default', n: 0 }));
    expect(begun.slice(4)).toEqual(['heads', 'tail']);
    await endAll();
    await Promise.all(works);
  });

  test('pages of a log wait for each other, and not for a storm of states', async () => {
    const { begun, run, count, endAll } = heldReads();
    const range = { log: 'default/run', after: 0, upTo: 9, grants: EVERYTHING, limit: 9, maxBytes: 9 };
    const works = Array.from({ length: 8 }, () => count('ada'));
    for (let n = 0; n < 6; n += 1) works.push(run('page', 'readLog', { ...range, asker: 'ada' }));
    works.push(run("ben's page", 'readLog', { ...range, asker: 'ben' }));
    expect(begun.slice(4)).toEqual(Array(4).fill('page'));
    await endAll();
    await Promise.all(works);
    expect(begun.filter((label) => label.includes('page')).indexOf("ben's page")).toBe(5);
  });

  test('two lists at once, of one person after the other, and the services of a tenant like a person', async () => {
    const { begun, run, list, endAll } = heldReads();
    const works = ['ada', 'ada', 'ada', 'ada', 'ben'].map(list);
    works.push(run('service', 'notifications', { tenant: 'default', query: { before: null, limit: 50 } }));
    works.push(list('ben'));
    expect(begun).toEqual(['ada', 'ada']);
    await endAll();
    await Promise.all(works);
    expect(begun).toEqual(['ada', 'ada', 'ada', 'ben', 'service', 'ada', 'ben']);
  });

  test.each([
    ['lists', 'list', 2 + 16],
    ['reads', 'count', 4 + 128],
  ] as const)('a person who asks for too many %s is told so, and others are not', async (_, kind, most) => {
    const held = heldReads();
    const works = Array.from({ length: most }, () => held[kind]('ada'));
    await expect(held[kind]('ada')).rejects.toMatchObject({ code: 'rate_limited', status: 429, retryAfter: 1 });
    works.push(held[kind]('ben'));
    await held.endAll();
    await Promise.all(works);
    expect(held.begun).toHaveLength(most + 1);
  });

  test('the services of a tenant may have more waiting, and not any number', async () => {
    const { run, endAll } = heldReads();
    const get = () => run('service', 'notification', { tenant: 'default', id: 'x' });
    const works = Array.from({ length: 1_004 }, get);
    await expect(get()).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 1 });
    await endAll();
    await Promise.all(works);
  });

  test('a read that fails gives its turn on', async () => {
    const turns = new ReadTurns(null);
    const input = { tenant: 'default', query: { before: null, limit: 50 } };
    const fail = () => turns.run('notifications', input, () => Promise.reject(new Error('broken')));
    const results = await Promise.allSettled(Array.from({ length: 10 }, fail));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await turns.run('notifications', input, async () => 'well')).toBe('well');
  });
});
