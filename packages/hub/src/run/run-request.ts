import { NO_ROWS, type Principal } from '@belfry/core';
import { EVERYTHING } from '@belfry/protocol';
import type { StreamRequest } from '../stream-request.ts';

/** One checked wish to follow a run. */
export interface RunStreamRequest extends StreamRequest {
  /** Its id. */
  run: string;
  /** Everything from its begin, in place of the newest lines. */
  fromStart: boolean;
  /** Who follows, as they came in. */
  follower: Principal;
}

/** A run's own log is for all who see the run, whatever its age: who follows it has no grants there, and nothing is too old. */
export function runStreamRequest(
  follower: Principal,
  run: string,
  { cursor, fromStart }: { cursor: string | null; fromStart: boolean },
): RunStreamRequest {
  const principal = follower.kind === 'person' ? { ...follower, since: 0 } : follower;
  const all = { grants: EVERYTHING, rows: NO_ROWS, filters: {}, access: null, wantsState: false, device: null };
  return { ...all, principal, follower, run, cursor, fromStart };
}
