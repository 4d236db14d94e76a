import type { Channel } from './channel.ts';
import type { EventEnvelope } from './event.ts';
import type { InboxPage } from './notification.ts';
import type { Question } from './question.ts';
import type { Run } from './run.ts';

/** Why a stream starts with `state`. `new`: it came without a cursor. */
export type StateReason = 'new' | 'expired' | 'unknown' | 'epoch' | 'access';

export const CLOSING_REASONS = [
  'lifetime',
  'drain',
  'slow',
  'token_expired',
  'access',
  'replaced',
  'overload',
  'unavailable',
] as const;
export type ClosingReason = (typeof CLOSING_REASONS)[number];

/** `event: connected`, the first frame. */
export interface ConnectedFrame {
  connection: string;
  tenant: string;
  /** Null for a service. */
  user: string | null;
  readOnly: boolean;
  /** What this stream carries. `*` alone: a service that follows its whole tenant. */
  channels: Channel[];
  /** A short hash of the token's grants and the filters; the client sends it back as `?access=`. */
  access: string;
  resumed: boolean;
  reason: StateReason | null;
  heartbeatMs: number;
  serverTime: string;
}

/** `event: state`: replaces all that the client held. */
export interface StateFrame {
  notifications: InboxPage;
  questions: Question[];
  runs: Run[];
}

/** `event: closing`, the last frame. */
export interface ClosingFrame {
  reason: ClosingReason;
  retryMs: number;
}

/** The answer of a long poll: `GET /v1/stream?wait=`. */
export interface PollAnswer {
  /** Who was asked for, as in `connected`. Absent from servers before 0.2. */
  tenant?: string;
  user?: string | null;
  readOnly?: boolean;
  channels?: Channel[];
  /** As in `connected`. */
  serverTime?: string;
  /** The client sends it back as `?access=`, as with a stream's. */
  access: string;
  resumed: boolean;
  reason?: StateReason;
  state?: StateFrame;
  events: (EventEnvelope & { id: string })[];
  cursor: string;
}
