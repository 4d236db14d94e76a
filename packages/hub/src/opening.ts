import {
  type AccessRows,
  askerOf,
  type Core,
  changedAt,
  type LogEvent,
  NO_ROWS,
  partsFor,
  readServiceState,
  readState,
} from '@belfry/core';
import { LIMITS, ORIGIN, type Position, parseCursor, type StateReason } from '@belfry/protocol';
import type { LogFollower } from './log-follower.ts';
import { followed, personOf, readerFor, type StreamRequest, withRows } from './stream-request.ts';

type Resumable = { resumed: true; from: Position };
type Fresh = { resumed: false; reason: StateReason };

/** How a stream starts: after its cursor, or anew and why. */
export type Opening = Resumable | Fresh;

/**
 * Judges the cursor a client came with. Never refuses: what can't be resumed starts anew, with its reason.
 *
 * @param access what `accessHash` says of the request.
 */
export function judge(
  core: Core,
  follower: LogFollower,
  request: StreamRequest,
  access: string,
): Opening | Promise<Opening> {
  const accessChanged = request.access !== null && request.access !== access;
  if (request.cursor === null) return judgeAck(core, follower, request, accessChanged);
  const cursor = parseCursor(request.cursor);
  if (cursor === null) return { resumed: false, reason: 'unknown' };
  if (cursor.epoch !== core.store.epoch) return { resumed: false, reason: 'epoch' };
  // Cut off between a change and its state, it has the one and not the other.
  if (cursor.owesState || accessChanged) return { resumed: false, reason: 'access' };
  return judgePosition(core, follower, request, cursor);
}

/** A device without a cursor that asks for no state goes on from its last ack. */
function judgeAck(
  core: Core,
  follower: LogFollower,
  request: StreamRequest,
  accessChanged: boolean,
): Opening | Promise<Opening> {
  const person = personOf(request.principal);
  const anew: Opening = { resumed: false, reason: 'new' };
  if (person === null || request.device === null || request.wantsState) return anew;
  const { tenant, user } = person;
  return core.store.read('acked', { tenant, user, device: request.device }).then((acked) => {
    if (acked === null) return anew;
    return accessChanged ? { resumed: false, reason: 'access' } : judgePosition(core, follower, request, acked);
  });
}

function judgePosition(
  core: Core,
  follower: LogFollower,
  request: StreamRequest,
  { n, check }: Position,
): Opening | Promise<Opening> {
  // What lies between was judged by other grants: a replay would show too much, or too little.
  if (changedAt(request.rows) > n) return { resumed: false, reason: 'access' };
  const from = { n, check };
  const known = checkInMemory(follower, n);
  return known === null ? judgeFromStore(core, follower, request, from) : judgeCheck(known, from);
}

function judgeCheck(known: string, from: Position): Opening {
  return known === from.check ? { resumed: true, from } : { resumed: false, reason: 'epoch' };
}

/** Once more from memory, after it has been let reach further back, where that is worth it. */
async function judgeFromStore(
  core: Core,
  follower: LogFollower,
  request: StreamRequest,
  from: Position,
): Promise<Opening> {
  const { n, check } = from;
  const recalled = follower.recall(n);
  if (recalled !== null) await recalled;
  const known = recalled === null ? null : checkInMemory(follower, n);
  if (known !== null) return judgeCheck(known, from);
  const { tenant } = request.principal;
  const located = await core.store.read('locate', { log: tenant, n, asker: askerOf(request.principal) });
  if (n > located.head.n) return { resumed: false, reason: 'unknown' };
  if (located.check !== null && located.check !== check) return { resumed: false, reason: 'epoch' };
  if (located.check === null || n + 1 < located.oldest) return { resumed: false, reason: 'expired' };
  if (await isTooFarBehind(core, request, located.head.n, n)) return { resumed: false, reason: 'expired' };
  return { resumed: true, from };
}

/** The check value at `n` where memory holds everything after it, so that a resume costs no query. */
function checkInMemory({ head, recent }: LogFollower, n: number): string | null {
  if (n === head.n) return head.check;
  return recent.at(n)?.event.check ?? checkBefore(recent.at(n + 1)?.event);
}

/** Nothing is before the first; and what was committed since the log is followed says what it follows. */
function checkBefore(event: LogEvent | undefined): string | null {
  return event?.n === 1 ? ORIGIN.check : (event?.follows ?? null);
}

async function isTooFarBehind(core: Core, request: StreamRequest, head: number, after: number): Promise<boolean> {
  const { grants, principal } = request;
  if (head - after === 0) return false;
  if (grants.exact.length + grants.prefixes.length > LIMITS.replayChannels) return true;
  if (head - after <= LIMITS.replayEvents) return false;
  const input = {
    log: principal.tenant,
    after,
    grants: followed(request),
    cap: LIMITS.replayEvents + 1,
    asker: askerOf(principal),
  };
  return (await core.store.read('countBehind', input)) > LIMITS.replayEvents;
}

/** Where a fresh stream starts, and what its person's access is there. `state` is null where it wants none. */
export interface Start {
  at: Position;
  rows: AccessRows;
  state: unknown | null;
}

/**
 * Access may have changed since the request came in: gives it with what it is where the stream starts. Where the app's own
 * rules have changed, the app is asked again until its answer and the state are of one time.
 *
 * @throws BelfryError `forbidden` where the app says that they may not be here.
 */
export async function startAnew(
  core: Core,
  follower: LogFollower,
  request: StreamRequest,
): Promise<{ start: Start; request: StreamRequest }> {
  const start = await readStart(core, follower, request);
  const { principal } = request;
  const { invalidatedAt } = start.rows;
  if (principal.kind === 'service' || invalidatedAt === request.rows.invalidatedAt) {
    return { start, request: withRows(request, start.rows) };
  }
  const now = await core.appAccess.asOf(principal, invalidatedAt);
  return startAnew(core, follower, withRows({ ...request, principal: now }, start.rows));
}

export async function readStart(core: Core, follower: LogFollower, request: StreamRequest): Promise<Start> {
  const { principal, grants, filters, wantsState } = request;
  const parts = partsFor(filters.events);
  if (principal.kind === 'service') {
    if (!wantsState) return { at: follower.head, rows: NO_ROWS, state: null };
    return { rows: NO_ROWS, ...(await readServiceState(core, principal.tenant, grants, filters.types, parts)) };
  }
  const reader = readerFor(request, principal, core.clock.now());
  if (wantsState) return readState(core, reader, parts);
  return { ...(await core.store.read('access', { reader })), state: null };
}
