import { draft } from '@belfry/contract-tests/samples';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { BelfryError } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { startChild } from './support/child.ts';
import { inFolder } from './support/folder.ts';

async function refused(dir: string): Promise<BelfryError> {
  const error = await openSqliteStore({ dir }).then(
    (store) => store.close(),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BelfryError);
  return error as BelfryError;
}

describe('one process a database', () => {
  test('a second one in the same process is told at once what to do', () =>
    inFolder(async (dir) => {
      const store = await openSqliteStore({ dir });
      const error = await refused(dir);
      expect(error.code).toBe('unavailable');
      expect(error.message).toContain(dir);
      expect(error.message).toMatch(/in use by another Belfry process.*BELFRY_DATA_DIR\.$/s);
      await store.commit('publish', { tenant: 'default', drafts: [draft()] });
      await store.close();
      await (await openSqliteStore({ dir })).close();
    }));

  test('another process is told too, until the first is gone, even by kill -9', () =>
    inFolder(async (dir) => {
      const child = startChild('publish-forever', [dir]);
      await child.line('kept 3');
      expect((await refused(dir)).message).toMatch(/in use by another/);
      child.process.kill('SIGKILL');
      await child.ended();
      await (await openSqliteStore({ dir })).close();
    }));
});
