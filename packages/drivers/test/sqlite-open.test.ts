import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { describe, expect, test } from 'vitest';
import { startChild } from './support/child.ts';
import { inFolder } from './support/folder.ts';

describe('opening the embedded database', () => {
  test('makes the folder, for its own account only, and leaves only the database and its lock', () =>
    inFolder(async (parent) => {
      const dir = join(parent, 'deep', 'data');
      const store = await openSqliteStore({ dir });
      expect((await stat(dir)).mode & 0o777).toBe(0o700);
      await store.close();
      expect((await readdir(dir)).sort()).toEqual(['belfry.db', 'belfry.db.lock']);
    }));

  test('takes the path of a file too', () =>
    inFolder(async (dir) => {
      const store = await openSqliteStore({ file: join(dir, 'mine.sqlite') });
      const { epoch } = store;
      await store.close();
      const again = await openSqliteStore({ file: join(dir, 'mine.sqlite') });
      expect(again.epoch).toBe(epoch);
      await again.close();
    }));

  test('says which Node it needs before it makes anything', () =>
    inFolder(async (parent) => {
      const { versions } = process;
      for (const node of ['20.19.5', '22.17.1', '18.20.8']) {
        Object.defineProperty(process, 'versions', { configurable: true, value: { ...versions, node } });
        const opening = openSqliteStore({ dir: join(parent, 'data') });
        Object.defineProperty(process, 'versions', { configurable: true, value: versions });
        await expect(opening).rejects.toThrow(`Belfry's embedded store needs Node 22.18 or newer; this is ${node}.`);
      }
      expect(await readdir(parent)).toEqual([]);
    }));

  test('refuses what a newer Belfry has written, and leaves it alone', () =>
    inFolder(async (dir) => {
      await (await openSqliteStore({ dir })).close();
      const file = join(dir, 'belfry.db');
      const database = new DatabaseSync(file);
      database.exec("update meta set value = '999' where key = 'schema'");
      database.close();
      await expect(openSqliteStore({ dir })).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/written by a newer Belfry \(its schema is 999.*Start that version/s),
      });
      const after = new DatabaseSync(file, { readOnly: true });
      expect(after.prepare("select value from meta where key = 'schema'").get()).toEqual({ value: '999' });
      after.close();
    }));

  test('refuses a file that is no database, and a folder that is a file', () =>
    inFolder(async (dir) => {
      const file = join(dir, 'belfry.db');
      await writeFile(file, 'this is a letter, not a database'.repeat(100));
      const unavailable = { name: 'BelfryError', code: 'unavailable' };
      await expect(openSqliteStore({ dir })).rejects.toMatchObject({
        ...unavailable,
        message: expect.stringMatching(/not a database/),
      });
      await expect(openSqliteStore({ dir: file })).rejects.toMatchObject({
        ...unavailable,
        message: expect.stringMatching(/BELFRY_DATA_DIR/),
      });
    }));

  test('says at once where a folder can never be made', async () => {
    const dir = '/proc/nope/deeper';
    const message = expect.stringMatching(/\/proc\/nope\/deeper can't be made. Check BELFRY_DATA_DIR/);
    await expect(openSqliteStore({ dir })).rejects.toMatchObject({ code: 'unavailable', message });
  });

  test('lets the process end by itself once closed, and prints no warning', () =>
    inFolder(async (dir) => {
      const child = startChild('open-and-close', [dir]);
      expect(await child.ended()).toEqual({ code: 0, stderr: '' });
      expect(child.lines).toEqual(['left ']);
    }));
});
