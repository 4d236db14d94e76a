import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { draft } from '@belfry/contract-tests/samples';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { expect, test } from 'vitest';
import { connectWriter } from '../src/store/sqlite/connect.ts';
import { inFolder } from './support/folder.ts';

const MB = 1_048_576;

test('a new database has pages of 8 kB, and one from before goes on with its own', () =>
  inFolder(async (dir) => {
    await publish(dir, 'first');
    expect(pageSizeOf(dir)).toBe(8_192);
    makeOld(dir);
    await publish(dir, 'second');
    expect(pageSizeOf(dir)).toBe(4_096);
    const store = await openSqliteStore({ dir });
    const { items } = await store.read('notifications', { tenant: 'acme', query: { before: null, limit: 10 } });
    expect(items.map(({ title }) => title)).toEqual(['second', 'first']);
    await store.close();
  }));

test('the log of pages is emptied at 8 MB, however large they are', () =>
  inFolder(async (dir) => {
    await publish(dir, 'first');
    expect(logPages(dir) * 8_192).toBe(8 * MB);
    makeOld(dir);
    expect(logPages(dir) * 4_096).toBe(8 * MB);
  }));

async function publish(dir: string, title: string): Promise<void> {
  const store = await openSqliteStore({ dir });
  await store.commit('publish', { tenant: 'acme', drafts: [draft({ id: title, title })] });
  await store.close();
}

/** As a Belfry made it that left the size to SQLite. */
function makeOld(dir: string): void {
  const database = new DatabaseSync(join(dir, 'belfry.db'));
  database.exec('pragma journal_mode = delete; pragma page_size = 4096; vacuum');
  database.close();
}

function pageSizeOf(dir: string): unknown {
  const database = new DatabaseSync(join(dir, 'belfry.db'), { readOnly: true });
  const found = database.prepare('pragma page_size').get();
  database.close();
  return found?.page_size;
}

function logPages(dir: string): number {
  const database = connectWriter(join(dir, 'belfry.db'));
  const found = database.statement('pragma wal_autocheckpoint').get();
  database.close();
  return Number(found?.wal_autocheckpoint);
}
