import { expect, it, vi } from 'vitest';

const loaded = vi.hoisted(() => ({ kysely: false }));

vi.mock('kysely', async (importOriginal) => {
  loaded.kysely = true;
  return importOriginal();
});

it('beside SQLite’s threads the main thread loads nothing that makes statements', { timeout: 60_000 }, async () => {
  await import('../src/store/sqlite/index.ts');
  expect(loaded.kysely).toBe(false);
  await import('../src/store/sqlite/reader-thread.ts').catch(() => {});
  expect(loaded.kysely).toBe(true);
});
