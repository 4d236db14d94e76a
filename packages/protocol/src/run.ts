import type { Json, Subject } from './notification.ts';

export const OPEN_RUN_STATUSES = ['queued', 'running', 'input_required'] as const;
export const FINISHED_RUN_STATUSES = ['succeeded', 'failed', 'cancelled', 'interrupted'] as const;
export const RUN_STATUSES = [...OPEN_RUN_STATUSES, ...FINISHED_RUN_STATUSES] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/**
 * Where a run may go from where it is. To stay is no move and always allowed while it is unfinished; from a finished one
 * nothing leads on. `interrupted` is what Belfry itself says of a run whose reporter fell silent.
 */
export const RUN_MOVES: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ['running', 'input_required', 'succeeded', 'failed', 'cancelled', 'interrupted'],
  running: ['input_required', 'succeeded', 'failed', 'cancelled', 'interrupted'],
  input_required: ['running', 'succeeded', 'failed', 'cancelled', 'interrupted'],
  succeeded: [],
  failed: [],
  cancelled: [],
  interrupted: [],
};

export function isFinished(status: RunStatus): boolean {
  return (FINISHED_RUN_STATUSES as readonly RunStatus[]).includes(status);
}

/** Services see where it is kept; persons a signed address in its place, which leads there for a while. */
export interface Artifact {
  name: string;
  url: string;
  contentType?: string;
  /** Bytes. */
  size?: number;
}

/** A long job to watch. `progress` is 0..1, null where unknown. */
export interface Run {
  id: string;
  kind: string;
  title: string;
  subject: Subject | null;
  status: RunStatus;
  progress: number | null;
  message: string | null;
  result: Json;
  artifacts: Artifact[];
  createdAt: string;
  /** When it left the queue; null of one that never did. */
  startedAt: string | null;
  finishedAt: string | null;
  updatedAt: string;
  data: Json;
}

/** One line of a run's log. `n` counts from 1 without gaps. */
export interface RunLine {
  n: number;
  time: string;
  level: string;
  text: string;
}

/** `event: snapshot`, the first frame of a run's stream that does not resume. */
export interface RunSnapshotFrame {
  run: Run;
  /** The newest lines, in reading order. */
  logs: RunLine[];
  /** Leads to earlier ones by `GET /v1/runs/{id}/logs?cursor=`; null where there are none. */
  logsCursor: string | null;
}

/** `event: done`, the last frame of a run's stream. */
export interface RunDoneFrame {
  status: RunStatus;
  message: string | null;
  result: Json;
}

/** The JSON of an unnamed message of a run's stream: `run.log`, `run.updated`, or an app's own. */
export interface RunMessage<Data = Json> {
  type: string;
  time: string;
  data: Data;
}
