import { isoTime } from '@belfry/core';
import { BelfryError, type ConnectedFrame, formatCursor } from '@belfry/protocol';
import { accessHash } from './access-hash.ts';
import { catchUp } from './catch-up.ts';
import type { Connection } from './connection.ts';
import type { HubContext } from './context.ts';
import { connectedFrame, stateFrame } from './control-frames.ts';
import { judge, type Opening, readStart, type Start } from './opening.ts';
import { withRows } from './stream-request.ts';
import { whoOf } from './who.ts';

/** Brings a new connection to the present: `connected`, then `state` or what it missed, then live. */
export async function serve(context: HubContext, connection: Connection): Promise<void> {
  const { core } = context;
  const { room, request } = connection;
  try {
    await room.follower.start();
    const opening = await judge(core, room.follower, request);
    const start = opening.resumed ? { at: opening.from, state: null } : await startAnew(context, connection);
    const frames = [connectedFrame(connected(context, connection, opening))];
    if (start.state !== null) frames.push(stateFrame(formatCursor(core.store.epoch, start.at), start.state));
    connection.send(Buffer.concat(frames));
    await connection.drained();
    await catchUp(context, connection, start.at, true);
  } catch (error) {
    fail(context, connection, error);
  }
}

/** Access may have changed since the request came in: the state says what it is where the stream starts. */
async function startAnew(context: HubContext, connection: Connection): Promise<Start> {
  const { core } = context;
  const { room, request } = connection;
  const start = await readStart(core, room.follower, request);
  const { principal } = request;
  connection.regrant(withRows(request, start.rows));
  if (principal.kind === 'service' || start.rows.invalidatedAt === request.rows.invalidatedAt) return start;
  const now = await core.appAccess.asOf(principal, start.rows.invalidatedAt);
  connection.regrant(withRows({ ...request, principal: now }, start.rows));
  return startAnew(context, connection);
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

function connected(context: HubContext, { id, request }: Connection, opening: Opening): ConnectedFrame {
  return {
    connection: id,
    ...whoOf(request),
    access: accessHash(request),
    resumed: opening.resumed,
    reason: opening.resumed ? null : opening.reason,
    heartbeatMs: context.settings.heartbeatMs,
    serverTime: isoTime(context.core.clock.now()),
  };
}
