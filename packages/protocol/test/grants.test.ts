import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  covers,
  EVERYTHING,
  firstHeld,
  type Grants,
  grantPrefix,
  grantsOf,
  holds,
  isChannel,
  isGrant,
  NOTHING,
} from '../src/index.ts';

// A small alphabet, so that prefixes and channels meet often.
const part = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 0, maxLength: 4 });
const topic = part.map((rest) => `topic:a${rest}`);
const channel = fc.oneof(topic, fc.constantFrom('all', 'user:1', 'user:2', 'role:admin', 'role:dev'));
const prefixGrant = fc.oneof(
  fc.constant('topic:*'),
  part.map((rest) => `topic:a${rest}*`),
);
const grant = fc.oneof(channel, prefixGrant);
const grants: fc.Arbitrary<Grants> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('1', '2'), fc.subarray(['admin', 'dev']), fc.array(grant, { maxLength: 4 }))
      .map((parts) => grantsOf(...parts)),
  },
  fc.constantFrom(EVERYTHING, NOTHING),
);

describe('a grant', () => {
  it('is a channel or a topic prefix, and never both', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          grant,
          fc.string({ unit: 'binary' }),
          fc.string().map((s) => `topic:${s}`),
          fc.string().map((s) => `topic:${s}*`),
        ),
        (text) => {
          expect(isGrant(text)).toBe(isChannel(text) !== (grantPrefix(text) !== null));
          const prefix = grantPrefix(text);
          if (prefix !== null) expect(`${prefix}*`).toBe(text);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('may end in a star for topics only, and in one', () => {
    for (const good of ['topic:*', 'topic:a*', 'topic:products/*', 'topic:a:b*'])
      expect(isGrant(good), good).toBe(true);
    for (const bad of [
      '*',
      'all*',
      'user:*',
      'user:4*',
      'role:*',
      'topic:a**',
      'topic:**',
      'topic:*a',
      'topic:/*',
      'topic: *',
      'system:*',
      'topic',
      'topic*',
    ]) {
      expect(isGrant(bad), bad).toBe(false);
    }
  });
});

describe('what a person holds', () => {
  it('is their own channel, all, their roles, and what their token names', () => {
    expect(grantsOf('42', ['admin'], ['topic:x', 'topic:p/*', 'all'])).toEqual({
      everything: false,
      exact: ['user:42', 'all', 'role:admin', 'topic:x'],
      prefixes: ['topic:p/'],
    });
  });

  it('is never another person, whatever topics they hold', () => {
    expect(holds(grantsOf('42', [], ['topic:*']), 'user:43')).toBe(false);
    expect(holds(grantsOf('42', [], ['topic:*']), 'role:admin')).toBe(false);
    expect(holds(grantsOf('4', [], []), 'user:42')).toBe(false);
  });

  it('reaches by a prefix what begins with it, and no more', () => {
    const held = grantsOf('1', [], ['topic:products/*']);
    expect(holds(held, 'topic:products/7')).toBe(true);
    expect(holds(held, 'topic:products')).toBe(false);
    expect(holds(held, 'topic:product/7')).toBe(false);
  });
});

describe('the laws of holding and covering', () => {
  it('covers a channel exactly where it holds it', () => {
    fc.assert(
      fc.property(grants, channel, (held, one) => {
        expect(covers(held, one)).toBe(holds(held, one));
      }),
    );
  });

  it('covers a prefix only where it holds every channel under it', () => {
    fc.assert(
      fc.property(grants, prefixGrant, fc.array(part, { minLength: 1 }), (held, prefix, rests) => {
        fc.pre(covers(held, prefix));
        const base = grantPrefix(prefix) as string;
        for (const rest of rests) expect(holds(held, `${base}a${rest}`)).toBe(true);
      }),
    );
  });

  it('covers a narrower prefix where it covers a wider one', () => {
    fc.assert(
      fc.property(grants, prefixGrant, part, (held, prefix, rest) => {
        fc.pre(covers(held, prefix));
        expect(covers(held, `${grantPrefix(prefix)}a${rest}*`)).toBe(true);
      }),
    );
  });

  it('does not take a list of single topics for the prefix over them', () => {
    expect(covers(grantsOf('1', [], ['topic:a', 'topic:a/b']), 'topic:a*')).toBe(false);
  });

  it('shows the first that is held, and nothing where none is', () => {
    fc.assert(
      fc.property(grants, fc.array(channel, { maxLength: 5 }), (held, to) => {
        const shown = firstHeld(held, to);
        if (shown === null) expect(to.some((one) => holds(held, one))).toBe(false);
        else {
          expect(holds(held, shown)).toBe(true);
          expect(to.slice(0, to.indexOf(shown)).some((one) => holds(held, one))).toBe(false);
        }
      }),
    );
  });

  it('holds everything, or nothing, where it says so', () => {
    fc.assert(
      fc.property(channel, prefixGrant, (one, prefix) => {
        expect([holds(EVERYTHING, one), covers(EVERYTHING, prefix)]).toEqual([true, true]);
        expect([holds(NOTHING, one), covers(NOTHING, prefix)]).toEqual([false, false]);
      }),
    );
  });
});
