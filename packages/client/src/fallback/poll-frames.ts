import type { PollAnswer, StateReason } from '@belfry/protocol';
import type { Frame } from '../frame-parser.ts';
import { frameOf } from '../json.ts';
import type { Connected } from '../ways.ts';

const HEARTBEAT_MS = 25_000;

/** Whether it is an answer of a poll at all: as little as the code behind would stumble over. */
export function isPollAnswer(value: unknown): value is PollAnswer {
  const { events, cursor } = (value ?? {}) as Partial<PollAnswer>;
  return Array.isArray(events) && typeof cursor === 'string';
}

/** An answer as the frames that a stream would have sent for it. `caughtUp`: one before it has brought all there was. */
export function framesOf(answer: PollAnswer, isFirst: boolean, bringsAll: boolean, caughtUp: boolean): Frame[] {
  const { state, events, cursor, resumed } = answer;
  const begins = isFirst || !resumed;
  const frames = begins ? [frameOf('connected', null, connectedBy(answer))] : [];
  if (state !== undefined) frames.push(frameOf('state', cursor, state));
  for (const { id, ...event } of events) frames.push(frameOf('message', id, event));
  if (!caughtUp || begins) return bringsAll ? [...frames, frameOf('live', cursor, {})] : frames;
  return [...frames, { event: 'id', id: cursor, data: null }];
}

function connectedBy({ access, resumed, ...who }: PollAnswer): Connected {
  const reason: StateReason | null = who.reason ?? null;
  const { tenant = 'default', user = null, readOnly = false, channels = [], serverTime = '' } = who;
  const facts = { connection: '', tenant, user, readOnly, channels, access, resumed, reason };
  return { ...facts, heartbeatMs: HEARTBEAT_MS, serverTime, transport: 'poll' };
}
