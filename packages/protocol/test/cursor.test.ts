import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCursor, ORIGIN, parseCursor } from '../src/index.ts';

const lower = '0123456789abcdefghijklmnopqrstuvwxyz'.split('');
const word = (maxLength: number) => fc.string({ unit: fc.constantFrom(...lower), minLength: 1, maxLength });
const number = fc.oneof(fc.nat(), fc.maxSafeNat());

describe('a cursor', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(word(16), number, word(8), (epoch, n, check) => {
        expect(parseCursor(formatCursor(epoch, { n, check }))).toEqual({ epoch, n, check });
      }),
    );
    expect(parseCursor(formatCursor('k3', ORIGIN))).toEqual({ epoch: 'k3', ...ORIGIN });
  });

  it('has one spelling: whatever parses is written back the same', () => {
    const close = fc.string({ unit: fc.constantFrom(...lower, '-', '-', 'A', '0', '+', '.', ' ', '\n') });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), close), (text) => {
        const cursor = parseCursor(text);
        if (cursor !== null) expect(formatCursor(cursor.epoch, cursor)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is null for garbage', () => {
    const garbage = [
      ...['', '-', '--', 'k3', 'k3-1', 'k3-1-', '-1-a', 'k3--a', 'k3-1-a-b', 'k3-01-a', 'k3--1-a', 'k3-+1-a'],
      ...['k3-1.5-a', 'k3-1e3-a', 'k3-0x1-a', 'K3-1-a', 'k3-1-A', ' k3-1-a', 'k3-1-a ', 'k3-1-a\n', 'k3-1-a\0'],
      ...['k3-９-a', 'k3-9007199254740992-a', 'k3-99999999999999999-a', `${'k'.repeat(17)}-1-a`, 'k3-1-abcdefghi'],
      ...['null', 'undefined', '0', '1842', '{"n":1}', 'k3-NaN-a', 'k3-Infinity-a'],
    ];
    for (const text of garbage) expect(parseCursor(text), JSON.stringify(text)).toBeNull();
  });
});
