import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logLines, parseWith } from '../src/schemas/index.ts';
import { plainLines } from '../src/schemas/plain-lines.ts';

const plain = { text: 'ok - signs in', level: 'info', time: '2026-11-28T12:00:00.000Z' };

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, 0, true, [], {}, '', ' ', '\t', 'a\n', 'a\r\n', 'a\nb', '\u0000', '\u001b[31mred\u001b[0m', '\u007f'],
    ...['\u0085', '\u2028', '\ud800', '\udc00x', '🎉', 'é', 'x'.repeat(16_384), 'x'.repeat(16_385), 'é'.repeat(8_192)],
    ...[
      'é'.repeat(8_193),
      '🎉'.repeat(4_096),
      `${'🎉'.repeat(4_096)}x`,
      'warn',
      'Warn-2_x',
      '2',
      'a b',
      'x'.repeat(21),
    ],
    ...[
      '2026-02-30T12:00:00.000Z',
      '2024-02-29T12:00:00.000Z',
      '2026-11-28T12:00:00Z',
      '2026-11-28T12:00:00.000+01:00',
    ],
    ...['2026-11-28T24:00:00.000Z', '2026-11-28T12:00:60.000Z', '0000-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
    ...['9999-12-31T23:59:59.999Z', '2026-13-01T00:00:00.000Z', 'now'],
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const name = fc.constantFrom('text', 'level', 'time', 'n', 'constructor', '__proto__');
const changes = fc.array(fc.tuple(name, odd), { maxLength: 3 });

/** As a parser of JSON makes it: every name is a field of its own. */
function changed(given: [string, unknown][]): unknown {
  const line = { ...plain };
  for (const [field, value] of given) {
    Object.defineProperty(line, field, { value, enumerable: true, configurable: true, writable: true });
  }
  return line;
}

test('lines that are taken by hand are what the schema gives, and no more are taken', () => {
  fc.assert(
    fc.property(changes, (given) => {
      const body = { lines: [plain, changed(given)] };
      const short = plainLines(body);
      if (short !== undefined) expect(logLines.safeParse(body)).toEqual({ success: true, data: short });
    }),
    { numRuns: 2_000 },
  );
});

test('the usual lines are taken by hand, and all that is to be cleaned or refused is for the schema', () => {
  const taken = [plain, { text: 'Grüße 🎉' }, { text: '', level: 'warn' }];
  expect(plainLines({ lines: taken })).toEqual({ lines: taken });
  for (const text of ['a\n', '\u001b[31mred', '\u2028', '\ud800']) {
    expect(plainLines({ lines: [plain, { text }] })).toBeUndefined();
  }
  expect(parseWith(logLines, { lines: [{ text: '\u001b[31mred\u001b[0m\n' }] }).lines[0]?.text).toBe('red');
});

test('no lines, too many and another field beside them are for the schema', () => {
  expect(plainLines({ lines: [] })).toBeUndefined();
  expect(plainLines({ lines: Array.from({ length: 1_001 }, () => plain) })).toBeUndefined();
  expect(plainLines({ lines: [plain], more: 1 })).toBeUndefined();
  expect(plainLines([plain])).toBeUndefined();
});
