import type { Channel, Json, RunStatus, Subject } from '@belfry/protocol';

/** What `POST /v1/runs` takes. */
export interface RunInput {
  /** Who may watch it. */
  to: Channel | readonly Channel[];
  /** What it is of, in your words, such as `test-run`. */
  kind: string;
  /** At most 200 characters. */
  title: string;
  subject?: Subject | null;
  /** At most 16 KB of JSON. */
  data?: Json;
  /** Silent for longer, as when its process dies, it becomes `interrupted`. While it lives the client gives its signs by itself. */
  heartbeatTimeoutSeconds?: number | null;
}

/** A line of a run's log. Text of several lines becomes several. */
export interface LineInput {
  text: string;
  /** A word such as `info`, which is the default, or `error`. */
  level?: string;
}

/** What is left out stays; null clears. */
export interface RunChange {
  status?: 'queued' | 'running' | 'input_required';
  /** 0 to 1; null where it is not known. */
  progress?: number | null;
  /** At most 4,000 characters. */
  message?: string | null;
}

export interface RunFilter {
  /** Only those to be watched by these; a `topic:` prefix may end in `*`. */
  channels?: readonly string[];
  status?: readonly RunStatus[];
  kind?: string;
  subject?: Pick<Subject, 'kind' | 'id'>;
  /** 50 by default, at most 100. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}
