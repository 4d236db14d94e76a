import { rowsAfter } from '@belfry/core';
import { formatCursor, owingState, type Position } from '@belfry/protocol';
import type { Connection } from './connection.ts';
import type { HubContext } from './context.ts';
import { heartbeatFrame, stateFrame } from './control-frames.ts';
import type { LogEntry } from './log-entry.ts';
import { missedInMemory, readMissed } from './missed.ts';
import { readStart } from './opening.ts';
import { withOwnCounts } from './own-counts.ts';
import type { Selection } from './selection.ts';
import { type StreamRequest, withRows } from './stream-request.ts';

const PIECE_BYTES = 262_144;

/**
 * Serves what lies between `from` and the present, page by page, as the socket takes it. Nothing is lost and nothing
 * doubled at the seam: the last look at the head and the step to live are one synchronous step. Null where that is done
 * already: whoever comes back in a storm has missed little, and is through in the step in which they came.
 */
export function catchUp(
  context: HubContext,
  connection: Connection,
  from: Position,
  announce: boolean,
): Promise<void> | null {
  const at = connection.inDoubt === null ? sendAtOnce(context, connection, from) : from;
  const full = connection.drained();
  if (full === null && isThrough(connection, at, announce)) return null;
  return catchUpByPages(context, connection, at, announce, full);
}

async function catchUpByPages(
  context: HubContext,
  connection: Connection,
  from: Position,
  announce: boolean,
  full: Promise<void> | null,
): Promise<void> {
  let at = from;
  await full;
  while (!isThrough(connection, at, announce)) {
    const { inDoubt } = connection;
    if (inDoubt === null) at = await servePage(context, connection, at.n);
    else await inDoubt;
  }
}

/** It is over, or there is nothing left, and it is live from this very step on. */
function isThrough(connection: Connection, at: Position, announce: boolean): boolean {
  if (connection.isOver) return true;
  const { head } = connection.room.follower;
  // In the same step: what was handed on before there was a doubt is theirs.
  if (connection.inDoubt !== null || at.n < head.n) return false;
  // A state may stand further on than what has been announced here.
  connection.goLive(at.n === head.n ? head : at, announce);
  return true;
}

/**
 * Sends all that was missed, where memory has it, it goes in one piece, and each reader of its channels gets it as it is;
 * else nothing. Gives where the stream stands then.
 */
function sendAtOnce(context: HubContext, connection: Connection, from: Position): Position {
  const { room, request, selection } = connection;
  const { head } = room.follower;
  if (from.n >= head.n) return from;
  const entries = missedInMemory(room, request, from.n, head.n);
  const frames = entries === null ? null : framesOf(entries, selection);
  if (frames === null) return from;
  context.counts.pagesFromMemory += 1;
  context.counts.caughtUp += frames.length;
  if (frames.length > 0) connection.send(inOnePiece(frames));
  return head;
}

/** Of those that are theirs. Null where they are too many, or one of them needs a closer look. */
function framesOf(entries: readonly LogEntry[], selection: Selection): Uint8Array[] | null {
  const frames: Uint8Array[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (selection.isTurn(entry)) return null;
    const channel = selection.channelOf(entry);
    if (channel === null) continue;
    if (selection.needsOwnCounts(entry)) return null;
    const frame = entry.frame(channel, selection.audience);
    bytes += frame.length;
    if (bytes >= PIECE_BYTES) return null;
    frames.push(frame);
  }
  return frames;
}

function inOnePiece(frames: readonly Uint8Array[]): Uint8Array {
  return frames.length === 1 ? (frames[0] as Uint8Array) : Buffer.concat(frames);
}

/** Gives where the stream stands after it. */
async function servePage(context: HubContext, connection: Connection, after: number): Promise<Position> {
  const { at, isTurn } = await serveToTurn(context, connection, after, connection.room.follower.head.n, false);
  if (!isTurn || !connection.request.wantsState) return at;
  return presentAgain(context, connection, at.n);
}

/**
 * A page, or its part up to a turn. Behind a change of access all is judged by other grants: what was given before its
 * number never comes, and what was taken comes no more.
 */
async function serveToTurn(
  context: HubContext,
  connection: Connection,
  after: number,
  upTo: number,
  owesState: boolean,
): Promise<{ at: Position; isTurn: boolean }> {
  const { room, request, selection } = connection;
  const page = await readMissed(context, room, request, after, upTo);
  const turn = page.entries.findIndex((entry) => selection.isTurn(entry));
  if (turn < 0) {
    await sendEntries(context, connection, page.entries, owesState);
    return { at: { n: page.upTo, check: '' }, isTurn: false };
  }
  await sendEntries(context, connection, page.entries.slice(0, turn), owesState);
  const entry = page.entries[turn] as LogEntry;
  await sendEntries(context, connection, [entry], request.wantsState);
  if (selection.changesAccess(entry)) connection.regrant(await requestAfter(context, request, entry));
  return { at: entry.event, isTurn: true };
}

/** Where the app's own rules have changed, all that follows waits for what it answers now. */
async function requestAfter({ core }: HubContext, request: StreamRequest, { event }: LogEntry): Promise<StreamRequest> {
  const rows = rowsAfter(request.rows, event);
  if (rows.invalidatedAt === request.rows.invalidatedAt || request.principal.kind === 'service') {
    return withRows(request, rows);
  }
  return withRows({ ...request, principal: await core.appAccess.asOf(request.principal, event.n) }, rows);
}

/**
 * Tells a reader in mid-stream all they have anew: where events alone no longer say it. What comes after `after` and is
 * in that state already is sent first all the same, so that no event of an app's own is lost to it; then how far that is,
 * then the state. Until then ids say that it is owed: who is cut off in between does not resume past it. Gives the
 * state's position: the stream goes on strictly after it.
 */
async function presentAgain(context: HubContext, connection: Connection, after: number): Promise<Position> {
  const { core } = context;
  const { request } = connection;
  const { at, state } = await readStart(core, connection.room.follower, request);
  for (let n = after; n < at.n && !connection.isOver; ) {
    n = (await serveToTurn(context, connection, n, at.n, true)).at.n;
    // The app has answered anew since that state was read, which may hold what is no longer theirs.
    if (connection.request.principal !== request.principal) return presentAgain(context, connection, n);
  }
  const id = formatCursor(core.store.epoch, at);
  connection.send(Buffer.concat([heartbeatFrame(owingState(id)), ...(state === null ? [] : [stateFrame(id, state)])]));
  await connection.drained();
  return at;
}

async function sendEntries(
  context: HubContext,
  connection: Connection,
  entries: readonly LogEntry[],
  owesState: boolean,
): Promise<void> {
  let piece: Uint8Array[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const missed = missedFrame(context, connection, entry, owesState);
    const frame = missed instanceof Promise ? await missed : missed;
    if (frame === null) continue;
    context.counts.caughtUp += 1;
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
  owesState: boolean,
): Uint8Array | null | Promise<Uint8Array | null> {
  const channel = selection.channelOf(entry);
  if (channel === null) return null;
  const frameOf = (shown: LogEntry) =>
    owesState ? shown.owingFrame(channel, selection.audience) : shown.frame(channel, selection.audience);
  if (!selection.needsOwnCounts(entry)) return frameOf(entry);
  return withOwnCounts(context.core, request, entry).then(frameOf);
}
