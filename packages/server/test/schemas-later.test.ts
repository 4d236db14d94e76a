import { expect, it, vi } from 'vitest';

const called = vi.hoisted(() => [] as string[]);

/** Tells which of Zod's functions were called: those that begin with a small letter make schemas. */
vi.mock('zod', async (importOriginal) => {
  const zod = await importOriginal<Record<string, unknown>>();
  const told = Object.entries(zod).map(([name, value]) => {
    if (typeof value !== 'function' || !/^[a-z]/.test(name)) return [name, value];
    const make = value as (...args: unknown[]) => unknown;
    return [
      name,
      (...args: unknown[]) => {
        called.push(name);
        return make(...args);
      },
    ];
  });
  return Object.fromEntries(told);
});

it('to load the server makes no schema: each is made when it is first used', { timeout: 60_000 }, async () => {
  await import('../src/index.ts');
  expect(called).toEqual([]);
  const { newNotification, parseWith } = await import('@belfry/protocol/schemas');
  expect(() => parseWith(newNotification, {})).toThrow('is missing');
  expect(called).toContain('strictObject');
});
