import { topicOf } from '@belfry/core';
import type { WriteContext } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import { readTail } from './run-tail.ts';
import { applyChange, findRun } from './runs.ts';

/** Runs whose reporter has been silent for longer than they allow. Gives how many were due. */
export async function interruptSilent(context: WriteContext, limit: number): Promise<number> {
  const due = await context.db
    .selectFrom('run_tails as t')
    .innerJoin('logs', 'logs.id', 't.log')
    .select('logs.tenant as name')
    .where('t.due', '<=', context.now)
    .orderBy('t.due')
    .limit(limit)
    .execute();
  const topics = due.map(({ name }) => topicOf(name));
  for (const [tenant, silent] of Map.groupBy(topics, (topic) => topic.tenant)) {
    const log = await LogWriter.open(context, tenant);
    for (const { run } of silent) await interrupt(context, log, run as string);
  }
  return due.length;
}

/** Before its log was ours, its reporter may have been heard of after all. */
async function interrupt(context: WriteContext, log: LogWriter, id: string): Promise<void> {
  const own = await log.ofRun(id);
  const tail = await readTail(context, own.log);
  const row = await findRun(context, log.log, id);
  if (row === undefined || tail?.due == null || tail.due > context.now) return;
  await applyChange(context, log, row, { status: 'interrupted' });
}
