import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCustomEventType, isNotificationType, isTypePattern, matchesType } from '../src/index.ts';

const type = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 5 }).map((rest) => `a${rest}`);

describe('a filter of types', () => {
  it('lets everything through where there is none, and nothing where it is empty', () => {
    fc.assert(
      fc.property(type, (one) => {
        expect(matchesType(undefined, one)).toBe(true);
        expect(matchesType([], one)).toBe(false);
        expect(matchesType(['*'], one)).toBe(true);
      }),
    );
  });

  it('matches a type exactly, or by what stands before the star', () => {
    fc.assert(
      fc.property(type, type, (pattern, one) => {
        expect(matchesType([pattern], one)).toBe(pattern === one);
        expect(matchesType([`${pattern}*`], one)).toBe(one.startsWith(pattern));
        expect(matchesType(['zz', `${pattern}*`], one)).toBe(one.startsWith(pattern));
      }),
    );
  });

  it('takes a dot for a dot', () => {
    expect(matchesType(['a.b'], 'axb')).toBe(false);
    expect(matchesType(['a.*'], 'ab')).toBe(false);
  });

  it('knows a pattern: a type, perhaps with one star at its end', () => {
    for (const good of ['*', 'a', 'a*', 'notification.*', 'build:failed', 'a/b-c_d'])
      expect(isTypePattern(good), good).toBe(true);
    for (const bad of ['', '**', '*a', 'a*b', 'a**', ' a', 'a,b', 'a\n', '.a', 'x'.repeat(102)]) {
      expect(isTypePattern(bad), JSON.stringify(bad)).toBe(false);
    }
  });
});

describe('a type', () => {
  it('of a notification is the own word of the app', () => {
    for (const good of ['comment', 'build.failed', 'Build:failed', '7', 'x'.repeat(100)])
      expect(isNotificationType(good), good).toBe(true);
    for (const bad of ['', '*', 'a*', 'a b', 'a\n', 'x'.repeat(101), 'ä'])
      expect(isNotificationType(bad), JSON.stringify(bad)).toBe(false);
  });

  it('of an own event is lower-case and dotted, and none of those Belfry emits itself', () => {
    for (const good of ['build.done', 'a', 'a_b.c-d', 'notifications.x', 'runner', 'constructor'])
      expect(isCustomEventType(good), good).toBe(true);
    for (const family of ['notification', 'question', 'run', 'access', 'system', 'belfry']) {
      expect(isCustomEventType(family)).toBe(false);
      expect(isCustomEventType(`${family}.created`)).toBe(false);
    }
    for (const bad of ['', 'A', 'a.', '.a', 'a..b', 'a b', 'a\n', '_a', 'a*', 'x'.repeat(101)])
      expect(isCustomEventType(bad), JSON.stringify(bad)).toBe(false);
  });

  it('never throws and never hangs on what comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const check of [isTypePattern, isNotificationType, isCustomEventType])
          expect(typeof check(text)).toBe('boolean');
      }),
    );
    // A pattern that backtracks would run into the test's time limit here.
    for (const check of [isTypePattern, isNotificationType, isCustomEventType]) check(`${'a.'.repeat(50_000)}!`);
  });
});
