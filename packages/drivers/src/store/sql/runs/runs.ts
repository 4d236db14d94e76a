import { noRun, type Reader, type RunChange } from '@belfry/core';
import { firstHeld, isFinished, type Run, type RunStatus } from '@belfry/protocol';
import { heldIn } from '../access/access-rows.ts';
import type { ReadContext, WriteContext, WriteOp } from '../context.ts';
import { LogWriter } from '../log/log-writer.ts';
import { endWithRun } from '../questions/end-with-run.ts';
import type { RunRow, RunTailRow } from '../schema.ts';
import { changedRun, newRun, runOf, runRowOf } from './run-row.ts';
import { begun, finished, keepTail, openTail } from './run-tail.ts';

/** In a run's own log, events are found by what they are. */
export const LINES = 'lines';
const CHANGES = 'run';

export const createRun: WriteOp<'createRun'> = async (context, { tenant, draft }) => {
  const log = await LogWriter.open(context, tenant);
  const to = [...new Set(draft.to)];
  const run = newRun(draft, log.time);
  const json = JSON.stringify(run);
  const { n } = log.append('run.created', to, runData(json));
  await context.db
    .insertInto('runs')
    .values(runRowOf(log, n, run, json, to))
    .execute();
  const channels = to.map((channel) => ({ log: log.log, channel, n, is_open: 1 }));
  await context.db.insertInto('run_channels').values(channels).execute();
  const own = await log.ofRun(draft.id);
  const tail = { log: own.log, line_count: 0, is_sealed: 0, timeout_ms: draft.timeoutMs, due: null };
  await context.db.insertInto('run_tails').values(tail).execute();
  await log.flush();
  return { run };
};

export const changeRun: WriteOp<'changeRun'> = async (context, { tenant, id, change, reader }) => {
  const log = await LogWriter.open(context, tenant);
  const row = await findRun(context, log.log, id);
  if (row === undefined || !(await isSeen(context, row, reader))) throw noRun();
  return { run: await applyChange(context, log, row, change) };
};

/** Whether the reader holds one of its channels. Null: a service, which sees all of its tenant. */
export async function isSeen(context: ReadContext, row: RunRow, reader: Reader | null): Promise<boolean> {
  if (reader === null) return true;
  const { grants } = await heldIn(context, row.log, reader);
  return firstHeld(grants, JSON.parse(row.recipients)) !== null;
}

export function findRun({ db }: Pick<WriteContext, 'db'>, log: number, id: string): Promise<RunRow | undefined> {
  return db.selectFrom('runs').selectAll().where('log', '=', log).where('id', '=', id).executeTakeFirst();
}

/**
 * Says it in both logs, the tenant's first: in this order all who need the locks of both take them. With a run ends what
 * was asked about it.
 *
 * @param isReporter whether its reporter was heard of by this.
 * @throws BelfryError `run_finished`, `invalid`.
 */
export async function applyChange(
  context: WriteContext,
  log: LogWriter,
  row: RunRow,
  { timeoutMs, ...change }: RunChange,
  isReporter = true,
): Promise<Run> {
  if (isFinished(row.status)) throw finished();
  const own = await log.ofRun(row.id);
  const tail = await openTail(withoutMemory(context), own.log);
  const run = changedRun(runOf(row), change, log.time);
  const json = JSON.stringify(run);
  const ends = isFinished(run.status);
  await updateRow(context, row, run.status, json);
  log.append(ends ? 'run.finished' : 'run.updated', JSON.parse(row.recipients), runData(json));
  own.append('run.updated', [CHANGES], runData(json));
  // The last there is. Before it stands how the run ended, for those who watch.
  if (ends) own.append('run.finished', [CHANGES], runData(json));
  const allowed = timeoutMs === undefined ? tail : { ...tail, timeout_ms: timeoutMs };
  await keepTail(withoutMemory(context), tailAfter(allowed, run.status, isReporter, context.now));
  if (ends) await endWithRun(context, log, row.id);
  await log.flush();
  await own.flush();
  return run;
}

function tailAfter(tail: RunTailRow, status: RunStatus, isReporter: boolean, now: number): RunTailRow {
  if (isFinished(status)) return { ...tail, is_sealed: 1, due: null };
  return isReporter && status !== 'queued' ? begun(tail, now) : tail;
}

/** What an engine keeps in memory is of its group's log, and this is the tail of another. */
function withoutMemory({ appender, ...context }: WriteContext): WriteContext {
  return { ...context, appender: { tail: appender.tail.bind(appender), write: appender.write.bind(appender) } };
}

async function updateRow({ db, now }: WriteContext, row: RunRow, status: RunStatus, content: string): Promise<void> {
  const isOpen = isFinished(status) ? 0 : 1;
  await db
    .updateTable('runs')
    .set({ status, content, is_open: isOpen, closed_at: isOpen === 1 ? null : now })
    .where('log', '=', row.log)
    .where('n', '=', row.n)
    .execute();
  if (isOpen === 1) return;
  await db
    .updateTable('run_channels')
    .set({ is_open: 0 })
    .where('log', '=', row.log)
    .where('channel', 'in', JSON.parse(row.recipients) as string[])
    .where('n', '=', row.n)
    .execute();
}

function runData(json: string): string {
  return `{"run":${json}}`;
}
