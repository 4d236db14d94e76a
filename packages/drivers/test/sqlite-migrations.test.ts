import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { draft, reader } from '@belfry/contract-tests/samples';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { expect, test } from 'vitest';
import { MIGRATIONS } from '../src/store/sqlite/migrations.ts';
import { inFolder } from './support/folder.ts';

/** Takes away the tables that later versions brought. */
function dropWhatCameAfter(database: DatabaseSync, version: number): void {
  const old = new DatabaseSync(':memory:');
  for (const migration of MIGRATIONS.slice(0, version)) old.exec(migration);
  const tables = (of: DatabaseSync) =>
    of
      .prepare("select name from sqlite_schema where type = 'table'")
      .all()
      .map(({ name }) => String(name));
  const kept = new Set([...tables(old), 'meta', 'watermark_scopes', 'sqlite_sequence']);
  for (const name of tables(database)) if (!kept.has(name)) database.exec(`drop table ${name}`);
  old.close();
}

test('watermarks from before grants were kept with them go on marking everything', () =>
  inFolder(async (dir) => {
    const store = await openSqliteStore({ dir });
    const drafts = [draft({ to: ['all'] }), draft({ to: ['role:dev'] }), draft()];
    await store.commit('publish', { tenant: 'default', drafts });
    await store.close();
    const database = new DatabaseSync(join(dir, 'belfry.db'));
    dropWhatCameAfter(database, 2);
    database.exec(`
      drop table watermarks; drop table watermark_scopes;
      create table watermarks (
        log integer not null, person text not null, mark text not null, pattern text not null, n integer not null,
        at integer not null, primary key (log, person, mark, pattern, n)
      ) without rowid;
      insert into watermarks select id, 'ada', 'read', '*', 2, 1000 from logs;
      update meta set value = '2' where key = 'schema'`);
    database.close();
    const again = await openSqliteStore({ dir });
    const ada = reader('default', 'ada', { roles: ['dev'] });
    const query = { filter: 'all' as const, before: null, limit: 10 };
    const read = async () => (await again.read('inbox', { reader: ada, query })).items.map(({ readAt }) => readAt);
    const then = new Date(1_000).toISOString();
    expect(await read()).toEqual([null, then, then]);
    await again.commit('markUpTo', { reader: ada, mark: 'read', upTo: null, types: null });
    expect(await read()).toEqual([expect.any(String), then, then]);
    await again.close();
  }));
