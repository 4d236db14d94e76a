import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { draft, reader } from '@belfry/contract-tests/samples';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { EVERYTHING } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { EVENT_TEXTS } from '../src/store/sqlite/migrations/event-texts.ts';
import { ONCE } from '../src/store/sqlite/migrations/once.ts';
import { RUN_SIZES } from '../src/store/sqlite/migrations/run-sizes.ts';
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

test('what was kept twice, with an event and with its notification, is found once, and goes when the event does', () =>
  inFolder(async (dir) => {
    const store = await openSqliteStore({ dir });
    await store.commit('publish', { tenant: 'default', drafts: [draft({ to: ['all'] }), draft({ to: ['all'] })] });
    await store.commit('emit', { tenant: 'default', to: ['all'], type: 'app.thing', data: '1' });
    await store.close();
    const database = new DatabaseSync(join(dir, 'belfry.db'));
    database.exec(`
      insert into event_channels select * from addressed;
      update events set data = '{"old":true}' where data = '';
      create index notifications_by_time on notifications (log, created_at)`);
    database.exec(ONCE);
    database.close();
    const again = await openSqliteStore({ dir });
    const grants = { everything: false, exact: ['all'], prefixes: [] };
    const read = async () => {
      const page = { log: 'default', after: 0, upTo: 100, grants, limit: 100, maxBytes: 1e9 };
      return (await again.read('readLog', page)).events.map(({ n, data }) => [n, data]);
    };
    expect(await read()).toEqual([
      [1, '{"old":true}'],
      [2, '{"old":true}'],
      [3, '1'],
    ]);
    const [first] = (await again.read('notifications', { tenant: 'default', query: { before: null, limit: 10 } }))
      .items;
    await again.commit('withdraw', { tenant: 'default', id: first?.id ?? '' });
    expect((await read()).map(([n]) => n)).toEqual([1, 2, 3, 4]);
    await again.commit('retain', { maxAgeMs: -60_000, maxBytes: 1e12, limit: 100 });
    expect((await read()).map(([n]) => n)).toEqual([4]);
    await again.close();
  }));

test('what runs held before it was counted is counted by the first sweep, and bounded from then on', () =>
  inFolder(async (dir) => {
    const store = await openSqliteStore({ dir });
    const about = { to: ['all'], kind: 'build', title: 'A build', subject: null, data: null, timeoutMs: null };
    await store.commit('createRun', { tenant: 'default', draft: { id: 'old', ...about } });
    const lines = [{ text: 'x', level: 'info', time: null }];
    for (let batch = 0; batch < 5; batch += 1) await store.commit('appendLines', { log: 'default/old', lines });
    await store.close();
    const database = new DatabaseSync(join(dir, 'belfry.db'));
    const before = MIGRATIONS.indexOf(RUN_SIZES);
    dropWhatCameAfter(database, before);
    database.exec(`update meta set value = '${before}' where key = 'schema'`);
    database.close();
    const again = await openSqliteStore({ dir });
    const deleted = async () => (await again.commit('retainRuns', { maxBytes: 0, limit: 100 })).out.deleted;
    expect(await deleted()).toBe(0);
    await again.commit('retain', { maxAgeMs: 1e12, maxBytes: 1e12, limit: 100 });
    expect(await deleted()).toBe(4);
    expect((await again.read('locate', { log: 'default/old', n: 0 })).oldest).toBe(5);
    await again.close();
  }));

test('long data from before it was kept apart is read beside what came after, and goes with its event', () =>
  inFolder(async (dir) => {
    const store = await openSqliteStore({ dir });
    const emit = (to: typeof store, data: string) =>
      to.commit('emit', { tenant: 'default', to: ['all'], type: 'app.thing', data });
    const [first, second, third] = ['a', 'b', 'c'].map((letter) => JSON.stringify(letter.repeat(50_000))) as string[];
    await emit(store, first as string);
    await store.close();
    const database = new DatabaseSync(join(dir, 'belfry.db'));
    const before = MIGRATIONS.indexOf(EVENT_TEXTS);
    database.exec('update events set data = (select t.data from event_texts t where t.log = log and t.n = n)');
    dropWhatCameAfter(database, before);
    database.exec(`update meta set value = '${before}' where key = 'schema'`);
    database.close();
    const again = await openSqliteStore({ dir });
    await emit(again, second as string);
    const read = async () => {
      const page = { log: 'default', after: 0, upTo: 100, grants: EVERYTHING, limit: 100, maxBytes: 1e9 };
      return (await again.read('readLog', page)).events.map(({ data }) => data);
    };
    expect(await read()).toEqual([first, second]);
    await emit(again, third as string);
    await again.commit('retain', { maxAgeMs: -60_000, maxBytes: 1e12, limit: 1 });
    expect(await read()).toEqual([second, third]);
    await again.commit('retain', { maxAgeMs: -60_000, maxBytes: 1e12, limit: 1 });
    expect(await read()).toEqual([third]);
    await again.close();
  }));
