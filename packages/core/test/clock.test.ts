import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime } from '../src/clock.ts';

it('writes each moment as a Date would, whatever was written before', () => {
  const now = 1_800_000_000_000;
  const moment = fc.oneof(
    fc.integer({ min: now - 3_000, max: now + 3_000 }),
    fc.double({ min: -2_000, max: 2_000, noNaN: true }),
    fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
  );
  fc.assert(
    fc.property(fc.array(moment), (moments) => {
      expect(moments.map(isoTime)).toEqual(moments.map((ms) => new Date(ms).toISOString()));
    }),
  );
  expect(() => isoTime(Number.NaN)).toThrow(RangeError);
});
