import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { openSqliteStore } from '@belfry/drivers/sqlite';
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { expect, test } from 'vitest';
import type { WriteContext } from '../src/store/sql/context.ts';
import type { Tables } from '../src/store/sql/schema.ts';
import { forget } from '../src/store/sql/sweeping/forget.ts';
import { retain } from '../src/store/sql/sweeping/retain.ts';
import { retainRuns } from '../src/store/sql/sweeping/retain-runs.ts';
import { countRuns } from '../src/store/sql/sweeping/run-sizes.ts';
import { sqliteDialect } from '../src/store/sqlite/dialect.ts';
import { inFolder } from './support/folder.ts';

/** What an operation asks, in a database that answers each time with these rows. */
async function asked(
  work: (context: WriteContext) => Promise<unknown>,
  rows: readonly object[] = [],
): Promise<CompiledQuery[]> {
  const queries: CompiledQuery[] = [];
  const dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => answering(rows),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  const db = new Kysely<Tables>({ dialect, log: ({ query }) => void queries.push(query) });
  await work({ db, dialect: sqliteDialect, now: Date.now() } as WriteContext).catch(() => {});
  return queries;
}

function answering(rows: readonly object[]): DummyDriver {
  const driver = new DummyDriver();
  driver.acquireConnection = async () => ({
    executeQuery: async <Row>() => ({ rows: rows as Row[] }),
    async *streamQuery() {},
  });
  return driver;
}

/** How SQLite goes about a query: a step a line, the outermost loop first. */
async function planOf({ sql, parameters }: CompiledQuery): Promise<string[]> {
  return inFolder(async (dir) => {
    await (await openSqliteStore({ dir })).close();
    const database = new DatabaseSync(join(dir, 'belfry.db'));
    try {
      const steps = database.prepare(`explain query plan ${sql}`).all(...(parameters as SQLInputValue[]));
      return steps.map(({ detail }) => String(detail));
    } finally {
      database.close();
    }
  });
}

const DAY = 86_400_000;
const SWEEPS: Record<string, (context: WriteContext) => Promise<unknown>> = {
  retain: (context) => retain(context, { maxAgeMs: DAY, maxBytes: 1e6, limit: 100 }),
  forget: (context) => forget(context, { inboxMs: DAY, inboxItems: 100, closedMs: DAY, limit: 100 }),
};

// Where it begins with all events, and looks for the end of their log at each, a step took seconds from 12,000 events on.
test.each(Object.entries(SWEEPS))('%s looks at the logs first, and at two rows of each', async (_, sweep) => {
  const [first] = await asked(sweep);
  const plan = await planOf(first as CompiledQuery);
  const loops = plan.filter((step) => /^(SCAN|SEARCH)/.test(step));
  expect(loops[0], plan.join('\n')).toMatch(/^(SCAN|SEARCH) l\b/);
  for (const loop of loops.slice(1)) expect(loop, plan.join('\n')).toMatch(/^SEARCH \w+ .*\(log=\?/);
});

const FOUND = { tenant: 1, bytes: 2e6, log: 1, name: 'acme/1', oldest: 1, head: 9, total: 9e6, gone: 0, n: 1 };

// A tenant with 100,000 runs that were trimmed long ago: none of them is looked at again, and none is sorted.
test('retainRuns begins with the oldest run that still holds something, and adds up nothing', async () => {
  const [totals, oldest] = await asked((context) => retainRuns(context, { maxBytes: 1e6, limit: 100 }), [FOUND]);
  expect(await planOf(totals as CompiledQuery)).toEqual(['SCAN run_totals']);
  const plan = await planOf(oldest as CompiledQuery);
  expect(plan.join('\n')).toContain('SEARCH run_sizes USING INDEX run_sizes_oldest (tenant=?)');
  expect(plan.join('\n')).not.toContain('TEMP B-TREE');
  const loops = plan.filter((step) => /^(SCAN|SEARCH)/.test(step) && !step.includes('run_sizes_oldest'));
  expect(loops[0], plan.join('\n')).toBe('SCAN s');
  for (const loop of loops.slice(1)) expect(loop, plan.join('\n')).toMatch(/^SEARCH \w+ .*\((log|rowid)=\?/);
});

test('runs are counted by what was seen to have changed, each by its own few rows', async () => {
  const [sizes] = await asked((context) => countRuns(context, [FOUND]));
  const plan = await planOf(sizes as CompiledQuery);
  const [first, ...rest] = plan.filter((step) => /^(SCAN|SEARCH)/.test(step));
  expect(first, plan.join('\n')).toMatch(/^SCAN p\b/);
  for (const loop of rest) expect(loop, plan.join('\n')).toMatch(/^SEARCH \w+ .*\((log|rowid|tenant)=\?/);
});
