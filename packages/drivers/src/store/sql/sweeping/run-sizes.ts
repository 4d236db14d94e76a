import { topicOf } from '@belfry/core';
import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';
import { endsOfLog } from '../log/ends-of-log.ts';
import type { RunSizeRow } from '../schema.ts';

/** Rows written by one statement. */
const ROWS = 500;

/** A log by its number and its name. */
interface Named {
  log: number;
  name: string;
}

/**
 * Writes down how much there is to delete in these logs, where they are runs', and carries the difference into what the
 * runs of their tenant hold together. That is looked at once a minute and not kept with each line: the runs of a tenant
 * are written to side by side, and would all wait for one sum. So a sum may be too small for a minute and is never too
 * large: what deletes lines, or a run, counts in the same step.
 *
 * Nobody else writes these rows: engines with several processes let one at a time do the work that does.
 */
export async function countRuns(context: WriteContext, logs: readonly Named[]): Promise<void> {
  const sizes = await sizesOf(context, logs);
  const more = new Map<number, number>();
  for (const { tenant, bytes, before } of sizes) more.set(tenant, (more.get(tenant) ?? 0) + bytes - before);
  for (let from = 0; from < sizes.length; from += ROWS) await keepSizes(context, sizes.slice(from, from + ROWS));
  await addToTotals(context, more);
}

/** For a log that is deleted. */
export async function uncountRun(context: WriteContext, log: number): Promise<void> {
  const deleted = await context.db
    .deleteFrom('run_sizes')
    .where('log', '=', log)
    .returning(['tenant', 'bytes'])
    .executeTakeFirst();
  if (deleted !== undefined) await addToTotals(context, new Map([[deleted.tenant, -deleted.bytes]]));
}

interface Size extends RunSizeRow {
  /** What was counted the last time. */
  before: number;
}

/** Those that changed. The newest event of each stays in any case, and is left out. */
async function sizesOf({ db, dialect }: WriteContext, logs: readonly Named[]): Promise<Size[]> {
  const runs = logs.map(({ name, log }) => ({ log, ...topicOf(name) })).filter(({ run }) => run !== undefined);
  if (runs.length === 0) return [];
  const pairs = dialect.pairs(runs.map(({ tenant, log }) => [tenant, log]));
  const bytes = sql`h.total_bytes - h.bytes - o.total_bytes + o.bytes`;
  const { rows } = await sql<Size>`
    select l.id as log, w.id as tenant, 1 - r.is_sealed as is_open,
      case r.is_sealed when 1 then h.time else o.time end as at, ${bytes} as bytes, coalesce(s.bytes, 0) as before
    from ${pairs} ${dialect.lookUp('logs', 'l', sql`l.id = t.n`)}
      ${dialect.lookUp('logs', 'w', sql`w.tenant = t.name`)} ${dialect.lookUp('run_tails', 'r', sql`r.log = l.id`)}
      ${endsOfLog(dialect)} left join run_sizes s on s.log = l.id
    where ${bytes} <> coalesce(s.bytes, 0)`.execute(db);
  return rows;
}

async function keepSizes({ db }: WriteContext, sizes: readonly Size[]): Promise<void> {
  await db
    .insertInto('run_sizes')
    .values(sizes.map(({ before, ...row }) => row))
    .onConflict((conflict) =>
      conflict.column('log').doUpdateSet(({ ref }) => ({
        bytes: ref('excluded.bytes'),
        is_open: ref('excluded.is_open'),
        at: ref('excluded.at'),
      })),
    )
    .execute();
}

async function addToTotals({ db }: WriteContext, more: ReadonlyMap<number, number>): Promise<void> {
  for (const [tenant, bytes] of more) {
    if (bytes === 0) continue;
    await sql`
      insert into run_totals (tenant, bytes) values (${tenant}, ${bytes})
      on conflict (tenant) do update set bytes = run_totals.bytes + excluded.bytes`.execute(db);
  }
}
