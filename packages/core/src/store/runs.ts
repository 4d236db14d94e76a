import type { Channel, Page, Position, Run, RunLine, RunStatus } from '@belfry/protocol';
import type { Reader } from '../principal.ts';
import type { WithAsker } from './log.ts';

/** A run before the log has given it a time. Every field is set; absent is null. */
export interface RunDraft extends Pick<Run, 'id' | 'kind' | 'title' | 'subject' | 'data'> {
  to: Channel[];
  /** Silent for longer once it has left the queue, it becomes `interrupted`. Milliseconds; null: never. */
  timeoutMs: number | null;
}

/** What its reporter says of it. An absent field stays as it is. */
export type RunChange = Partial<Pick<Run, 'status' | 'progress' | 'message' | 'result' | 'artifacts'>> &
  Partial<Pick<RunDraft, 'timeoutMs'>>;

/** A line that has no number yet. `time` null: when it is stored. */
export interface NewRunLine {
  text: string;
  level: string;
  time: string | null;
}

export interface RunQuery {
  status?: readonly RunStatus[];
  /** As of questions. */
  channels?: readonly string[];
  kind?: string;
  subject?: { kind: string; id: string };
  /** Only runs before this number; null from the newest. */
  before: number | null;
  limit: number;
}

/** Where a page of lines ends: the event that holds the line before `line`, or an earlier one. */
export interface LinesCursor {
  n: number;
  line: number;
}

export interface LinesPage {
  /** In reading order. */
  lines: RunLine[];
  /** Where the page before it ends; null where there is none. */
  earlier: LinesCursor | null;
}

/** A run with the newest of its log, from one moment. */
export interface RunAt extends LinesPage {
  run: Run;
  /** What comes after stands in neither. Of a finished run: the position before the last. */
  at: Position;
  /** The last position of a finished run's log; null of one that goes on. */
  end: Position | null;
}

export interface RunWrites {
  /** Appends `run.created` to the tenant's log, and makes the run's own. Runs are given with artifacts as they were sent. */
  createRun: { in: { tenant: string; draft: RunDraft }; out: { run: Run } };
  /**
   * Appends `run.updated`, or `run.finished`, to the tenant's log and in the same step to the run's own, which nothing
   * is appended to once it is finished. `not_found` where there is none, or a `reader` can't see it; `run_finished`;
   * `invalid` for a status that it can't go to.
   */
  changeRun: {
    in: { tenant: string; id: string; change: RunChange; reader: Reader | null };
    out: { run: Run };
  };
  /**
   * Gives the lines the next numbers and appends them as one `run.log` to the run's own log; `log` is its name, by
   * `logName`. `not_found`, `run_finished`.
   */
  appendLines: { in: { log: string; lines: NewRunLine[] }; out: { cursor: string } };
  /** Appends an app's own event to a run's own log. `data` is JSON text. `not_found`, `run_finished`. */
  emitInRun: { in: { log: string; type: string; data: string }; out: { cursor: string } };
  /** Its reporter is there. So says every other write of the run. `not_found`, `run_finished`. */
  beat: { in: { log: string }; out: null };
  /** Keeps a key that signs the addresses of artifacts, and forgets those older than `maxAgeMs`. */
  addSigningKey: { in: { secret: string; maxAgeMs: number }; out: null };
}

export interface RunReads {
  /** Runs that a reader sees; of all of the tenant's for a service, which is no reader. */
  runs: { in: { tenant: string; reader: Reader | null; query: RunQuery }; out: Page<Run> };
  run: { in: { tenant: string; reader: Reader | null; id: string }; out: Run | null };
  /** The newest lines and the run, from one moment. Null as of `run`. */
  runAt: { in: { tenant: string; reader: Reader | null; id: string; lines: number }; out: RunAt | null };
  /** Lines of a run's log, the newest before `before`: at most `limit`, and about `LIMITS.linesBytes` of text. */
  runLines: { in: { log: string; before: LinesCursor | null; limit: number } & WithAsker; out: LinesPage };
  /** A run by its id alone, in whatever tenant. */
  runAnywhere: { in: { id: string }; out: Run | null };
  /** The keys that addresses of artifacts are signed with, the newest first. `age` in milliseconds. */
  signingKeys: { in: Record<string, never>; out: { secret: string; age: number }[] };
}
