import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { later, made } from '../src/schemas/index.ts';

describe('a schema that is made later', () => {
  it('is made when it is first used, and once', () => {
    let count = 0;
    const name = later(() => {
      count += 1;
      return z.string().min(2);
    });
    expect(count).toBe(0);
    expect(name.safeParse('Ada').success).toBe(true);
    expect(name.safeParse('A').success).toBe(false);
    expect(made(name)).toBe(made(name));
    expect(count).toBe(1);
  });

  it('is to Zod what it stands for', () => {
    const point = later(() => z.strictObject({ x: z.int() }));
    expect(point).toBeInstanceOf(z.ZodObject);
    expect('shape' in point).toBe(true);
    expect(z.array(point.extend({ y: z.int() })).parse([{ x: 1, y: 2 }])).toEqual([{ x: 1, y: 2 }]);
    expect(z.object({ point }).safeParse({ point: { x: 1, z: 1 } }).success).toBe(false);
    expect(z.toJSONSchema(z.object({ point }))).toEqual(z.toJSONSchema(z.object({ point: made(point) })));
  });

  it('gives methods that make others of the schema itself, which keeps its name', () => {
    const point = later(() => z.object({ x: z.int() }).meta({ id: 'Point' }));
    const { $defs } = z.toJSONSchema(z.object({ at: point.nullable() }));
    expect(Object.keys($defs ?? {})).toEqual(['Point']);
  });
});

it('what is no schema that is made later is made already', () => {
  const name = z.string();
  expect(made(name)).toBe(name);
});
