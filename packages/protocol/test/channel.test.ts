import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertChannel, channelKind, isChannel, isName, isTenant, quote, userChannel } from '../src/index.ts';
import { caught } from './caught.ts';

const first = 'abcXYZ0189'.split('');
const further = [...first, ...'._~@|+:/-'];
const tail = fc.string({ unit: fc.constantFrom(...further), maxLength: 199 });
const name = fc.tuple(fc.constantFrom(...first), tail).map(([head, rest]) => head + rest);
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .tuple(fc.constantFrom('user:', 'role:', 'topic:', 'system:', 'all', ''), fc.string({ unit: 'binary' }))
    .map((parts) => parts.join('')),
);

describe('a name', () => {
  it('is 1 to 200 of the characters the contract names, starting with a letter or digit', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(isName(text)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const byTheGrammar =
          text.length >= 1 &&
          text.length <= 200 &&
          [...text].every((one, at) => /[A-Za-z0-9]/.test(one) || (at > 0 && '._~@|+:/-'.includes(one)));
        expect(isName(text)).toBe(byTheGrammar);
      }),
      { numRuns: 1_000 },
    );
    expect(isName('a'.repeat(200))).toBe(true);
    expect(isName('a'.repeat(201))).toBe(false);
    for (const bad of ['', '.a', '/a', '-a', 'a b', 'a\n', 'a\0', 'ä', 'a*', 'a,b', 'a%20', '٣']) {
      expect(isName(bad), JSON.stringify(bad)).toBe(false);
    }
  });

  it('of a tenant holds no slash', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(isTenant(text)).toBe(!text.includes('/'));
      }),
    );
  });
});

describe('a channel', () => {
  it('is all, or user, role or topic with a name', () => {
    expect(channelKind('all')).toBe('all');
    fc.assert(
      fc.property(fc.constantFrom('user', 'role', 'topic'), name, (kind, text) => {
        expect(channelKind(`${kind}:${text}`)).toBe(kind);
        expect(assertChannel(`${kind}:${text}`, 'to')).toBe(`${kind}:${text}`);
      }),
    );
    fc.assert(
      fc.property(name, (user) => {
        expect(channelKind(userChannel(user))).toBe('user');
      }),
    );
  });

  it('is nothing else, whatever comes', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const [kind, ...rest] = text.split(':');
        const byTheGrammar =
          text === 'all' || (['user', 'role', 'topic'].includes(kind as string) && isName(rest.join(':')));
        expect(isChannel(text)).toBe(byTheGrammar);
      }),
      { numRuns: 1_000 },
    );
    const near = ['', 'All', 'all ', 'all:', 'all:x', 'user:', 'user', 'User:1', 'user: 1', 'user:1\n', 'system:x'];
    for (const bad of [...near, 'topic:*', 'topic:a*', ':1', 'user::', 'role:/x', 'user:1,user:2', 'constructor']) {
      expect(isChannel(bad), JSON.stringify(bad)).toBe(false);
    }
  });

  it('is refused with the field and the mend, and without an echo of pages', () => {
    const bad = `user:\n${'x'.repeat(5_000)}`;
    const error = caught(() => assertChannel(bad, 'to.3'));
    expect(error).toMatchObject({ code: 'invalid', status: 400, field: 'to.3' });
    expect(error.message).toContain('topic:<name>');
    expect(error.message.length).toBeLessThan(400);
    expect(error.message).not.toMatch(/[\r\n\0]/);
  });
});

describe('quoting a stranger', () => {
  it('gives one short printable line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const quoted = quote(text);
        expect(quoted.length).toBeLessThanOrEqual(61 * 6 + 2);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may come through
        expect(quoted).not.toMatch(/[\u0000-\u001f]/);
        expect(quoted.isWellFormed()).toBe(true);
      }),
    );
  });
});
