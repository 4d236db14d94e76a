import { describe, expect, it } from 'vitest';
import { newId } from '../src/ids.ts';

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const at = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
const made = (count: number, now: number) => Array.from({ length: count }, () => newId(now));

describe('ids', () => {
  it('are UUIDs of version 7 that say when they were made', () => {
    for (const now of [0, 1, 1_700_000_000_000, 2 ** 48 - 1]) {
      for (const id of made(600, now)) {
        expect(id).toMatch(SHAPE);
        expect(at(id)).toBe(now);
      }
    }
  });

  it('sort as they were made, also within a millisecond', () => {
    const ids = [...made(4_096, 1_800_000_000_000), ...made(10, 1_800_000_000_001)];
    expect(ids.toSorted()).toEqual(ids);
  });

  it('are all different, also where there are more in a millisecond than have an order, and where a clock is set back', () => {
    const ids = [
      ...made(10_000, 1_900_000_000_000),
      ...made(10, 1_900_000_000_001),
      ...made(10_000, 1_900_000_000_000),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
