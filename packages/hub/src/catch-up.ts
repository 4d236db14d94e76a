import { formatCursor, type Position } from '@belfry/protocol';
import type { Connection } from './connection.ts';
import type { HubContext } from './context.ts';
import { heartbeatFrame, stateFrame } from './control-frames.ts';
import type { LogEntry } from './log-entry.ts';
import { readMissed } from './missed.ts';
import { readStart } from './opening.ts';
import { withOwnCounts } from './own-counts.ts';
import { followed } from './stream-request.ts';

const PIECE_BYTES = 262_144;

/**
 * Serves what lies between `from` and the present, page by page, as the socket takes it. Nothing is lost and nothing
 * doubled at the seam: the last look at the head and the step to live are one synchronous step.
 */
export async function catchUp(
  context: HubContext,
  connection: Connection,
  from: Position,
  announce: boolean,
): Promise<void> {
  const { follower } = connection.room;
  let at = from;
  while (!connection.isOver) {
    const { head } = follower;
    if (at.n >= head.n) {
      // A state may stand further on than what has been announced here.
      connection.goLive(at.n === head.n ? head : at, announce);
      return;
    }
    at = await servePage(context, connection, at.n);
  }
}

/** Gives where the stream stands after it. */
async function servePage(context: HubContext, connection: Connection, after: number): Promise<Position> {
  const { room, request, selection } = connection;
  const page = await readMissed(context.core, room.follower, room.tenant, followed(request), after);
  const last = page.entries.findIndex((entry) => selection.needsState(entry));
  if (last >= 0) {
    await sendEntries(context, connection, page.entries.slice(0, last + 1));
    return presentAgain(context, connection, (page.entries[last] as LogEntry).n);
  }
  await sendEntries(context, connection, page.entries);
  return { n: page.upTo, check: '' };
}

/**
 * Tells a reader in mid-stream all they have anew: where events alone no longer say it. What comes after `after` and is
 * in that state already is sent first all the same, so that no event of an app's own is lost to it; then how far that is,
 * then the state. Gives its position: the stream goes on strictly after it.
 */
async function presentAgain(context: HubContext, connection: Connection, after: number): Promise<Position> {
  const { core } = context;
  const { room, request } = connection;
  const { at, state } = await readStart(core, room.follower, request);
  for (let n = after; n < at.n && !connection.isOver; ) {
    const page = await readMissed(core, room.follower, room.tenant, followed(request), n, at.n);
    await sendEntries(context, connection, page.entries);
    n = page.upTo;
  }
  const id = formatCursor(core.store.epoch, at);
  connection.send(Buffer.concat([heartbeatFrame(id), ...(state === null ? [] : [stateFrame(id, state)])]));
  await connection.drained();
  return at;
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
