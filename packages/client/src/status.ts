import type { BelfryError, ClosingReason, StateReason } from '@belfry/protocol';
import type { State } from './machine.ts';

/** `connecting` before it has ever been live since the start, `reconnecting` after. */
export type StatusValue = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'offline' | 'closed';

/**
 * Why the last connection ended: what the server said, or what was seen. `silent`: three heartbeats of nothing.
 * `unfit`: streams do not work here. `handover`: on to another tab's connection, to one of this tab's own, or from polls
 * to a stream.
 */
export type EndReason =
  | ClosingReason
  | 'ended'
  | 'failed'
  | 'silent'
  | 'unauthorized'
  | 'refused'
  | 'online'
  | 'unfit'
  | 'handover';

export type Transport = 'stream' | 'poll';

export interface Status {
  value: StatusValue;
  /** How the client hears from the server: `poll` where streams do not work, until they do. */
  transport: Transport;
  /** Null until a connection has ended. */
  reason: EndReason | null;
  /** Whether the present connection, or the last one, went on where the one before it stopped. */
  resumed: boolean;
  /** Why it did not. */
  stateReason: StateReason | null;
  /** How many missed events it brought before it was live. */
  caughtUp: number;
  /** The principal may look but not touch. */
  readOnly: boolean;
  /** The server's name of the connection. */
  connection: string | null;
  /** What went wrong last; null again once live. */
  error: BelfryError | null;
}

export const INITIAL_STATUS: Status = {
  value: 'idle',
  transport: 'stream',
  reason: null,
  resumed: false,
  stateReason: null,
  caughtUp: 0,
  readOnly: false,
  connection: null,
  error: null,
};

export function statusValue(state: State, wasLive: boolean): StatusValue {
  if (state === 'polled') return 'live';
  if (state === 'idle' || state === 'live' || state === 'offline' || state === 'closed') return state;
  return wasLive ? 'reconnecting' : 'connecting';
}
