import { isoTime } from '@belfry/core';
import { type ConnectedFrame, formatCursor, type Position } from '@belfry/protocol';
import { accessHash } from './access-hash.ts';
import type { Connection } from './connection.ts';
import type { HubContext } from './context.ts';
import { connectedFrame, stateFrame } from './control-frames.ts';
import type { LogEntry } from './log-entry.ts';
import { readMissed } from './missed.ts';
import { judge, type Opening, readStart } from './opening.ts';
import { withOwnCounts } from './own-counts.ts';
import type { StreamRequest } from './stream-request.ts';

const PIECE_BYTES = 262_144;

/** Brings a new connection to the present: `connected`, then `state` or what it missed, then live. */
export async function serve(context: HubContext, connection: Connection): Promise<void> {
  const { core } = context;
  const { room, request } = connection;
  try {
    await room.follower.start();
    const opening = await judge(core, room.follower, request);
    const start = opening.resumed ? { at: opening.from, state: null } : await readStart(core, room.follower, request);
    const frames = [connectedFrame(connected(context, connection, opening))];
    if (start.state !== null) frames.push(stateFrame(formatCursor(core.store.epoch, start.at), start.state));
    connection.send(Buffer.concat(frames));
    await connection.drained();
    await catchUp(context, connection, start.at, true);
  } catch (error) {
    fail(context, connection, error);
  }
}

/** Brings a connection that fell behind to the present again. */
export async function serveAgain(context: HubContext, connection: Connection, served: number): Promise<void> {
  try {
    await connection.drained();
    await catchUp(context, connection, { n: served, check: '' }, false);
  } catch (error) {
    fail(context, connection, error);
  }
}

function fail(context: HubContext, connection: Connection, error: unknown): void {
  context.observer.failed?.(connection.info, error);
  connection.close('unavailable');
}

/**
 * Serves what lies between `from` and the present, page by page, as the socket takes it. Nothing is lost and nothing
 * doubled at the seam: the last look at the head and the step to live are one synchronous step.
 */
async function catchUp(context: HubContext, connection: Connection, from: Position, announce: boolean): Promise<void> {
  const { room, request } = connection;
  let at = from.n;
  while (!connection.isOver) {
    const { head } = room.follower;
    if (at >= head.n) {
      connection.goLive(at === head.n ? head : from, announce);
      return;
    }
    const page = await readMissed(context.core, room.follower, room.tenant, request.grants, at);
    await sendEntries(context, connection, page.entries);
    at = page.upTo;
  }
}

async function sendEntries(context: HubContext, connection: Connection, entries: readonly LogEntry[]): Promise<void> {
  let piece: Uint8Array[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const frame = await missedFrame(context, connection, entry);
    if (frame === null) continue;
    piece.push(frame);
    bytes += frame.length;
    if (bytes < PIECE_BYTES) continue;
    connection.send(Buffer.concat(piece, bytes));
    await connection.drained();
    piece = [];
    bytes = 0;
  }
  if (bytes === 0) return;
  connection.send(Buffer.concat(piece, bytes));
  await connection.drained();
}

function missedFrame(
  context: HubContext,
  { request, selection }: Connection,
  entry: LogEntry,
): Uint8Array | null | Promise<Uint8Array | null> {
  const channel = selection.channelOf(entry);
  if (channel === null) return null;
  if (!selection.needsOwnCounts(entry)) return entry.frame(channel, selection.audience);
  return withOwnCounts(context.core, request, entry).then((own) => own.frame(channel, selection.audience));
}

function connected(context: HubContext, { id, request }: Connection, opening: Opening): ConnectedFrame {
  const { principal } = request;
  return {
    connection: id,
    tenant: principal.tenant,
    user: principal.kind === 'person' ? principal.user : null,
    readOnly: principal.kind === 'person' && principal.readOnly,
    channels: channelsShown(request),
    access: accessHash(request),
    resumed: opening.resumed,
    reason: opening.resumed ? null : opening.reason,
    heartbeatMs: context.settings.heartbeatMs,
    serverTime: isoTime(context.core.clock.now()),
  };
}

function channelsShown({ grants }: StreamRequest): string[] {
  if (grants.everything) return ['*'];
  return [...grants.exact, ...grants.prefixes.map((prefix) => `${prefix}*`)];
}
