import { isoTime } from '@belfry/core';
import { BelfryError, formatCursor } from '@belfry/protocol';
import { accessHash } from './access-hash.ts';
import { catchUp } from './catch-up.ts';
import type { Connection } from './connection.ts';
import type { HubContext } from './context.ts';
import { connectedFrame, stateFrame } from './control-frames.ts';
import { judge, type Opening, type Start, startAnew } from './opening.ts';
import { whoJson } from './who.ts';

/** Brings a new connection to the present: `connected`, then `state` or what it missed, then live. */
export async function serve(context: HubContext, connection: Connection): Promise<void> {
  const { core } = context;
  const { room, request } = connection;
  try {
    // Most who come back wait for nothing here: each wait would cost more than what follows it.
    if (!room.follower.isFollowing) await room.follower.start();
    const access = accessHash(request);
    const judged = judge(core, room.follower, request, access);
    const opening = judged instanceof Promise ? await judged : judged;
    const start = opening.resumed ? { at: opening.from, state: null } : await begunAnew(context, connection);
    context.observer.begun?.(connection.info, opening.resumed ? null : opening.reason);
    // The app's own rules may have said something else meanwhile.
    const isStill = connection.request.principal === request.principal;
    const told = isStill ? access : accessHash(connection.request);
    const frame = connected(context, connection, opening, told);
    connection.gather();
    connection.send(start.state === null ? frame : Buffer.concat([frame, stateOf(context, start)]));
    const full = connection.drained();
    if (full !== null) await full;
    const behind = catchUp(context, connection, start.at, true);
    if (behind !== null) await behind;
  } catch (error) {
    fail(context, connection, error);
  }
}

function stateOf({ core }: HubContext, { at, state }: Pick<Start, 'at' | 'state'>): Uint8Array {
  return stateFrame(formatCursor(core.store.epoch, at), state);
}

async function begunAnew({ core }: HubContext, connection: Connection): Promise<Start> {
  connection.hold();
  const { start, request } = await startAnew(core, connection.room.follower, connection.request);
  connection.regrant(request);
  const { principal, rows } = request;
  if (principal.kind === 'person') connection.room.learnAccess(principal, start.at, rows);
  return start;
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
  if (error instanceof BelfryError && error.code === 'forbidden') {
    connection.close('access');
    return;
  }
  context.observer.failed?.(connection.info, error);
  connection.close('unavailable');
}

function connected(context: HubContext, { id, request }: Connection, opening: Opening, access: string): Uint8Array {
  return connectedFrame(whoJson(request), {
    connection: id,
    access,
    resumed: opening.resumed,
    reason: opening.resumed ? null : opening.reason,
    heartbeatMs: context.settings.heartbeatMs,
    serverTime: isoTime(context.core.clock.now()),
  });
}
