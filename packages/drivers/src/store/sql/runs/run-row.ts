import type { RunChange, RunDraft } from '@belfry/core';
import { invalid, isFinished, RUN_MOVES, type Run, type RunStatus } from '@belfry/protocol';
import type { LogWriter } from '../log/log-writer.ts';
import type { RunRow } from '../schema.ts';

export function runOf({ content }: Pick<RunRow, 'content'>): Run {
  return JSON.parse(content);
}

export function newRun({ id, kind, title, subject, data }: RunDraft, time: string): Run {
  return {
    id,
    kind,
    title,
    subject,
    status: 'queued',
    progress: null,
    message: null,
    result: null,
    artifacts: [],
    createdAt: time,
    startedAt: null,
    finishedAt: null,
    updatedAt: time,
    data,
  };
}

export function runRowOf(log: LogWriter, n: number, run: Run, json: string, to: readonly string[]): RunRow {
  return {
    log: log.log,
    n,
    id: run.id,
    kind: run.kind,
    status: run.status,
    is_open: 1,
    subject_kind: run.subject?.kind ?? null,
    subject_id: run.subject?.id ?? null,
    recipients: JSON.stringify(to),
    content: json,
    closed_at: null,
  };
}

/** @throws BelfryError `invalid` for a status that it can't go to from where it is. */
export function changedRun(run: Run, change: RunChange, time: string): Run {
  const { status = run.status } = change;
  if (status !== run.status && !RUN_MOVES[run.status].includes(status)) throw noMove(run.status, status);
  return {
    ...run,
    ...change,
    status,
    startedAt: run.startedAt ?? (hasBegun(status) ? time : null),
    finishedAt: isFinished(status) ? time : null,
    updatedAt: time,
  };
}

/** What was taken out of the queue by someone else than a worker has never begun. */
function hasBegun(status: RunStatus): boolean {
  return !['queued', 'cancelled', 'interrupted'].includes(status);
}

function noMove(from: RunStatus, to: RunStatus) {
  return invalid('status', `A run that is ${from} can't become ${to}. It can become ${RUN_MOVES[from].join(', ')}.`);
}
