import { noRun } from '@belfry/core';
import { BelfryError } from '@belfry/protocol';
import type { WriteContext } from '../context.ts';
import type { RunTailRow } from '../schema.ts';

/**
 * Where a run's own log ends, for a write that holds that log.
 *
 * @throws BelfryError `not_found`, `run_finished`.
 */
export async function openTail(context: WriteContext, log: number): Promise<RunTailRow> {
  const { runTail } = context.appender;
  const tail = runTail ? runTail.find() : await readTail(context, log);
  if (tail === undefined) throw noRun();
  if (tail.is_sealed === 1) throw finished();
  return tail;
}

export function readTail({ db }: Pick<WriteContext, 'db'>, log: number): Promise<RunTailRow | undefined> {
  return db.selectFrom('run_tails').selectAll().where('log', '=', log).executeTakeFirst();
}

/** Its reporter has just been heard of. In the queue it has none that could fall silent. */
export function heard(tail: RunTailRow, now: number): RunTailRow {
  return tail.due === null ? tail : begun(tail, now);
}

/** From now on somebody reports it. */
export function begun(tail: RunTailRow, now: number): RunTailRow {
  return { ...tail, due: tail.timeout_ms === null ? null : now + tail.timeout_ms };
}

export async function keepTail(context: WriteContext, tail: RunTailRow): Promise<void> {
  const { runTail } = context.appender;
  if (runTail) return runTail.keep(tail);
  const { log, ...rest } = tail;
  await context.db.updateTable('run_tails').set(rest).where('log', '=', log).execute();
}

export function finished(): BelfryError {
  return new BelfryError('run_finished', 'This run has finished, and nothing can be said of it any more.');
}
