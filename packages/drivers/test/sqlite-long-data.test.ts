import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '@belfry/core';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import { EVERYTHING, type Grants } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { inFolder } from './support/folder.ts';

const LOG = 'default/build';
const ALL: Grants = { everything: false, exact: ['all'], prefixes: [] };
const SHORT = '{"short":true}';
const LONG = JSON.stringify({ long: 'é"\\u0001'.repeat(10_000) });
const LINES = Array.from({ length: 500 }, (_, n) => ({ text: `line ${n} `.repeat(10), level: 'info', time: null }));

test('long data is read as it was written, by whatever way its event is found', () =>
  inFolder(async (dir) => {
    const store = await filled(dir);
    for (const grants of [EVERYTHING, ALL]) {
      const told = (await dataOf(store, 'default', grants)).filter((data) => !data.startsWith('{"run"'));
      expect(told).toEqual([SHORT, LONG, SHORT]);
    }
    const { lines } = await store.read('runLines', { log: LOG, before: null, limit: 500 });
    expect(lines.map(({ text }) => text)).toEqual(LINES.map(({ text }) => text));
    const inRun = await dataOf(store, LOG, EVERYTHING);
    expect(inRun.filter((data) => data.includes(LINES[499]?.text ?? ''))).toHaveLength(1);
    await store.close();
  }));

test('no row that is searched holds more than fits into a page, and none of the long data outlives its event', () =>
  inFolder(async (dir) => {
    const store = await filled(dir);
    await store.commit('emit', { tenant: 'default', to: ['all'], type: 'app.thing', data: SHORT });
    await store.close();
    expect(numberIn(dir, 'select max(length(data)) as number from events')).toBeLessThan(1_000);
    expect(numberIn(dir, 'select count(*) as number from event_texts')).toBe(2);
    const again = await openSqliteStore({ dir });
    const deleteAllButTheNewest = () => again.commit('retain', { maxAgeMs: -60_000, maxBytes: 1e12, limit: 100 });
    await deleteAllButTheNewest();
    expect((await again.read('runLines', { log: LOG, before: null, limit: 500 })).lines).toHaveLength(500);
    await again.commit('emitInRun', { log: LOG, type: 'app.thing', data: SHORT });
    await deleteAllButTheNewest();
    await again.close();
    expect(numberIn(dir, 'select count(*) as number from event_texts')).toBe(0);
  }));

/** A short event, a long one, a short one, and a run with one batch of lines. */
async function filled(dir: string): Promise<Store> {
  const store = await openSqliteStore({ dir });
  const about = { to: ['all'], kind: 'build', title: 'A build', subject: null, data: null, timeoutMs: null };
  await store.commit('createRun', { tenant: 'default', draft: { id: 'build', ...about } });
  for (const data of [SHORT, LONG, SHORT]) {
    await store.commit('emit', { tenant: 'default', to: ['all'], type: 'app.thing', data });
  }
  await store.commit('appendLines', { log: LOG, lines: LINES });
  return store;
}

async function dataOf(store: Store, log: string, grants: Grants): Promise<string[]> {
  const page = { log, after: 0, upTo: 100, grants, limit: 100, maxBytes: 1e9 };
  return (await store.read('readLog', page)).events.map(({ data }) => data);
}

function numberIn(dir: string, query: string): number {
  const database = new DatabaseSync(join(dir, 'belfry.db'));
  try {
    return Number(database.prepare(query).get()?.number);
  } finally {
    database.close();
  }
}
