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
import { inFolder } from './support/folder.ts';

/** What an operation asks first, in a database in which it finds nothing. */
async function asked(work: (context: WriteContext) => Promise<unknown>): Promise<CompiledQuery[]> {
  const queries: CompiledQuery[] = [];
  const dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  const db = new Kysely<Tables>({ dialect, log: ({ query }) => void queries.push(query) });
  await work({ db, now: Date.now() } as WriteContext).catch(() => {});
  return queries;
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
