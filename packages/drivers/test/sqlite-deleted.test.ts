import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { draft } from '@belfry/contract-tests/samples';
import type { Store } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { describe, expect, test } from 'vitest';
import { inFolder } from './support/folder.ts';

const GONE = { code: 'unavailable', message: expect.stringContaining('deleted, moved or replaced') };

const publish = (store: Store) => store.commit('publish', { tenant: 'default', drafts: [draft()] });

/** A store in use, whose folder then meets with `fate`. */
async function afterwards(fate: (dir: string) => Promise<unknown>, look: (store: Store, dir: string) => Promise<void>) {
  await inFolder(async (parent) => {
    const dir = join(parent, 'data');
    const store = await openSqliteStore({ dir });
    await publish(store);
    expect(await store.read('ping', {})).toBeNull();
    await fate(dir);
    await look(store, dir);
    await store.close();
  });
}

describe('a data folder that goes while it is in use', () => {
  const refuses = async (store: Store) => {
    await expect(publish(store)).rejects.toMatchObject(GONE);
    await expect(store.read('locate', { log: 'default', n: 1 })).rejects.toMatchObject(GONE);
    await expect(store.read('ping', {})).rejects.toMatchObject(GONE);
  };

  test('deleted: nothing is acknowledged or read any more', () =>
    afterwards((dir) => rm(dir, { recursive: true }), refuses));

  test('without its log of pages: nothing is acknowledged, since that is where commits go', () =>
    afterwards(
      (dir) => rm(join(dir, 'belfry.db-wal')),
      (store) => expect(publish(store)).rejects.toMatchObject(GONE),
    ));

  test('replaced by a copy of itself: the same, as what is written would be lost', () =>
    afterwards(async (dir) => {
      await rename(dir, `${dir}-old`);
      await cp(`${dir}-old`, dir, { recursive: true });
    }, refuses));

  test('and comes back: still not, until a restart', () =>
    afterwards(
      (dir) => rename(dir, `${dir}-old`),
      async (store, dir) => {
        await refuses(store);
        await rename(`${dir}-old`, dir);
        await refuses(store);
      },
    ));
});
