import { type ClosingReason, type ConnectedFrame, encodeSse } from '@belfry/protocol';
import type { Who } from './who.ts';

/** The frames that are not events of the log. None is named `error`: EventSource uses that for itself. */
export const OPENING = Buffer.from(encodeSse({ comment: 'belfry', retry: 1_000 }));

/**
 * As `encodeSse` would write it, at a fraction of the cost: JSON holds no line breaks, and nothing that UTF-8 can't. What
 * is no part of `who` is our own, and nothing that JSON would write otherwise.
 *
 * @param who what `whoJson` says.
 */
export function connectedFrame(who: string, frame: Omit<ConnectedFrame, keyof Who>): Uint8Array {
  const { connection, access, resumed, heartbeatMs, serverTime } = frame;
  const reason = frame.reason === null ? 'null' : `"${frame.reason}"`;
  const begin = `event: connected\ndata: {"connection":"${connection}",${who},"access":"${access}"`;
  const end = `,"resumed":${resumed},"reason":${reason},"heartbeatMs":${heartbeatMs},"serverTime":"${serverTime}"}\n\n`;
  return Buffer.from(begin + end);
}

export function stateFrame(id: string, state: unknown): Uint8Array {
  return Buffer.from(encodeSse({ event: 'state', id, data: JSON.stringify(state) }));
}

let live = { id: '', frame: Buffer.alloc(0) };

/** In a storm thousands in a row become live at the same place. */
export function liveFrame(id: string): Uint8Array {
  if (live.id !== id) live = { id, frame: Buffer.from(encodeSse({ event: 'live', id, data: '{}' })) };
  return live.frame;
}

/** A comment and an id-only block: the stream is alive, and this far it has been served. */
export function heartbeatFrame(id: string): Uint8Array {
  return Buffer.from(encodeSse({ comment: 'hb', id }));
}

export const HEARTBEAT_COMMENT = Buffer.from(encodeSse({ comment: 'hb' }));

export function closingFrame(reason: ClosingReason, retryMs: number): Uint8Array {
  const rounded = Math.round(retryMs);
  const data = JSON.stringify({ reason, retryMs: rounded });
  return Buffer.from(encodeSse({ retry: rounded, event: 'closing', data }));
}

/**
 * How long clients are asked to wait before they come back, as a range to draw from, so that they do not all come
 * at once. Shortest where coming back at once is the point, longest where the server needs air.
 */
const RETRY_MS: Record<ClosingReason, readonly [number, number]> = {
  lifetime: [200, 1_500],
  token_expired: [200, 1_000],
  access: [100, 500],
  slow: [1_000, 3_000],
  drain: [500, 3_000],
  replaced: [5_000, 15_000],
  overload: [2_000, 10_000],
  unavailable: [1_000, 5_000],
};

export function retryMsFor(reason: ClosingReason, random: () => number): number {
  const [least, most] = RETRY_MS[reason];
  return least + random() * (most - least);
}
