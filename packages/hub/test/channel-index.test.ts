import { EVERYTHING, type Grants, holds } from '@belfry/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChannelIndex } from '../src/channel-index.ts';

const part = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 3 });
const channel = fc.oneof(
  part.map((rest) => `topic:${rest}`),
  fc.constantFrom('all', 'user:1', 'role:x'),
);
const grants: fc.Arbitrary<Grants> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      everything: fc.constant(false),
      exact: fc.uniqueArray(channel, { maxLength: 3 }),
      prefixes: fc.uniqueArray(
        part.map((rest) => `topic:${rest}`),
        { maxLength: 2 },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant(EVERYTHING) },
);

const found = (index: ChannelIndex<number>, one: string) => {
  const listeners = new Set<number>();
  index.each(one, (listener, by) => {
    expect(by).toBe(one);
    listeners.add(listener);
  });
  return listeners;
};

describe('the index of channels', () => {
  it('finds exactly those who hold a channel, whoever came and went', () => {
    fc.assert(
      fc.property(
        fc.array(grants, { maxLength: 12 }),
        fc.infiniteStream(fc.boolean()),
        fc.array(channel, { minLength: 1, maxLength: 8 }),
        (all, leaves, channels) => {
          const index = new ChannelIndex<number>();
          const there = new Map<number, Grants>();
          for (const [listener, held] of all.entries()) {
            index.add(listener, held);
            there.set(listener, held);
            const [first] = there;
            if (first === undefined || leaves.next().value === false) continue;
            index.remove(...first);
            there.delete(first[0]);
          }
          for (const one of channels) {
            const holders = [...there].filter(([, held]) => holds(held, one)).map(([listener]) => listener);
            expect(found(index, one)).toEqual(new Set(holders));
          }
          for (const entry of there) index.remove(...entry);
          expect(index.size).toBe(0);
          for (const one of channels) expect(found(index, one).size).toBe(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('stays sound when who never came leaves', () => {
    const index = new ChannelIndex<number>();
    const held: Grants = { everything: false, exact: ['all'], prefixes: ['topic:a'] };
    index.add(1, held);
    index.remove(2, held);
    index.remove(2, { everything: true, exact: ['user:1'], prefixes: ['topic:b'] });
    expect(found(index, 'topic:ab')).toEqual(new Set([1]));
    index.remove(1, held);
    index.remove(1, held);
    expect(index.size).toBe(0);
    index.add(1, held);
    expect(found(index, 'topic:ab')).toEqual(new Set([1]));
  });

  it('may lose listeners while it is gone through', () => {
    const index = new ChannelIndex<number>();
    const held: Grants = { everything: false, exact: ['all'], prefixes: [] };
    for (const listener of [1, 2, 3]) index.add(listener, held);
    const visited: number[] = [];
    index.each('all', (listener) => {
      visited.push(listener);
      index.remove(listener, held);
    });
    expect(visited).toEqual([1, 2, 3]);
  });
});
