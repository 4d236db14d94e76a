import { askerOf, type Core } from '@belfry/core';
import { formatCursor, LIMITS, ORIGIN, type Position, parseCursor } from '@belfry/protocol';
import { catchUp } from '../catch-up.ts';
import type { HubContext } from '../context.ts';
import { isNotTheirs } from './not-theirs.ts';
import type { RunConnection } from './run-connection.ts';
import { doneFrame, snapshotFrame } from './run-frames.ts';

/** Brings a follower to the present: what it missed where its cursor is good, else a snapshot, and then what comes. */
export async function serveRun(context: HubContext, connection: RunConnection): Promise<void> {
  try {
    await connection.room.follower.start();
    const from = await begin(context.core, connection);
    if (from !== null) await catchUp(context, connection, from, false);
  } catch (error) {
    fail(context, connection, error);
  }
}

/** Where to go on from; null where that was all. */
async function begin(core: Core, connection: RunConnection): Promise<Position | null> {
  const { cursor, fromStart } = connection.request;
  const resumed = cursor === null ? null : await resumable(core, connection, cursor);
  if (resumed !== null) return resumed;
  return fromStart ? beginAtStart(core, connection) : beginAnew(core, connection);
}

async function resumable(core: Core, { room, request }: RunConnection, text: string): Promise<Position | null> {
  const cursor = parseCursor(text);
  if (cursor === null || cursor.epoch !== core.store.epoch) return null;
  const { n, check } = cursor;
  const located = await core.store.read('locate', { log: room.log, n, asker: askerOf(request.follower) });
  return located.check === check && n + 1 >= located.oldest ? { n, check } : null;
}

async function beginAnew(core: Core, connection: RunConnection): Promise<Position | null> {
  const { follower, run } = connection.request;
  const { frame, at } = await core.runs.at(follower, run, LIMITS.snapshotLines);
  connection.send(snapshotFrame(formatCursor(core.store.epoch, at.at), frame));
  if (at.end === null) {
    await connection.drained();
    return at.at;
  }
  connection.send(doneFrame(formatCursor(core.store.epoch, at.end), at.run));
  connection.finish();
  return null;
}

/** The snapshot stands at the begin, so that who comes back after it misses nothing. */
async function beginAtStart(core: Core, connection: RunConnection): Promise<Position> {
  const { room, request } = connection;
  const { frame } = await core.runs.at(request.follower, request.run, 0);
  connection.send(snapshotFrame(formatCursor(core.store.epoch, ORIGIN), frame));
  await connection.drained();
  const { oldest } = await core.store.read('locate', {
    log: room.log,
    n: ORIGIN.n,
    asker: askerOf(request.follower),
  });
  return { n: oldest - 1, check: '' };
}

function fail({ observer }: HubContext, connection: RunConnection, error: unknown): void {
  const isGone = isNotTheirs(error);
  if (!isGone) observer.failed?.(connection.info, error);
  connection.close(isGone ? 'access' : 'unavailable');
}
