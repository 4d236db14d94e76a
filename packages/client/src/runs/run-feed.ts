import type { BelfryError, Run, RunDoneFrame, RunLine, RunMessage } from '@belfry/protocol';
import type { Readable } from '../store.ts';

/**
 * `idle`: nobody subscribes, so nothing is asked for · `connecting` · `live` · `reconnecting` after a break ·
 * `done`: it finished, and nothing more will come · `failed`: see `error`; subscribe anew to try again.
 */
export type RunFeedStatus = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'done' | 'failed';

export interface RunFeedSnapshot {
  /** Null until it has come. */
  run: Run | null;
  /** In reading order, each once. */
  lines: readonly RunLine[];
  /** Whether there are lines before these. */
  hasEarlier: boolean;
  /** `loadEarlier` is under way. */
  loadingEarlier: boolean;
  status: RunFeedStatus;
  live: boolean;
  /** How it ended; null until then. */
  done: RunDoneFrame | null;
  error: BelfryError | null;
}

/** One run with its log, read from its own stream while somebody subscribes. */
export interface RunFeed extends Readable<RunFeedSnapshot> {
  loadEarlier: () => Promise<boolean>;
  /** The app's own events on this run, while somebody subscribes: exact, a prefix as `step.*`, or `*`. */
  on: (type: string, handler: (event: RunMessage) => void) => () => void;
}
