import type { QuestionDraft, Reader } from '@belfry/core';
import { invalid, isFinished, type Question, type RunStatus } from '@belfry/protocol';
import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';
import type { LogWriter } from '../log/log-writer.ts';
import { applyChange, findRun, isSeen } from '../runs/runs.ts';
import type { QuestionRow, RunRow } from '../schema.ts';

/**
 * The run that a question is about; null where it is about none.
 *
 * @throws BelfryError `invalid` where there is none in this tenant, or the person who asks does not see it.
 */
export async function runAskedAbout(
  context: WriteContext,
  log: LogWriter,
  { run: id }: Pick<QuestionDraft, 'run'>,
  reader: Reader | undefined,
): Promise<RunRow | null> {
  if (id === null) return null;
  const row = await findRun(context, log.log, id);
  if (row === undefined || !(await isSeen(context, row, reader ?? null))) throw noSuchRun();
  return row;
}

/** A run waits for what a service has asked about it. What a person asks holds up nobody. */
export async function holdUp(context: WriteContext, log: LogWriter, run: RunRow, question: QuestionRow): Promise<void> {
  if (question.asker !== null || isFinished(run.status)) return;
  await context.db.insertInto('run_questions').values({ log: log.log, run: run.id, n: question.n }).execute();
  if (run.status !== 'input_required') await move(context, log, run, 'input_required', true);
}

/**
 * Of questions that are no longer open: their runs go on, but for those that wait for another one too, and those whose
 * reporters have said something else meanwhile.
 */
export async function goOn(context: WriteContext, log: LogWriter, closed: readonly QuestionRow[]): Promise<void> {
  for (const [run, questions] of Map.groupBy(closed, runOfRow)) {
    if (run === null || !(await isLast(context, log.log, run, questions))) continue;
    const row = await findRun(context, log.log, run);
    if (row?.status === 'input_required') await move(context, log, row, 'running', false);
  }
}

async function isLast({ db, dialect }: WriteContext, log: number, run: string, questions: readonly QuestionRow[]) {
  const numbers = dialect.numbers(questions.map(({ n }) => n));
  const { rows: awaited } = await sql`
    delete from run_questions where log = ${log} and run = ${run} and n in (select t.value from ${numbers})
    returning n`.execute(db);
  if (awaited.length === 0) return false;
  const others = db.selectFrom('run_questions').select('n').where('log', '=', log).where('run', '=', run).limit(1);
  return (await others.executeTakeFirst()) === undefined;
}

/** An answer is no sign of life of the run's reporter; a question is. */
async function move(context: WriteContext, log: LogWriter, run: RunRow, status: RunStatus, isReporter: boolean) {
  await applyChange(context, log, run, { status }, isReporter);
}

function runOfRow({ content, asker }: QuestionRow): string | null {
  return asker === null ? (JSON.parse(content) as Pick<Question, 'run'>).run : null;
}

function noSuchRun() {
  return invalid('run', 'run names no run that there is here. Begin the run first and give its id, or leave it out.');
}
