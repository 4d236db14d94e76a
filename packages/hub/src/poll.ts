import { envelopeJson, isoTime } from '@belfry/core';
import {
  type EventEnvelope,
  formatCursor,
  type PollAnswer,
  type Position,
  type StateFrame,
  type StateReason,
} from '@belfry/protocol';
import { accessHash } from './access-hash.ts';
import type { HubContext } from './context.ts';
import type { LogEntry } from './log-entry.ts';
import { readMissed } from './missed.ts';
import { judge, startAnew } from './opening.ts';
import { withOwnCounts } from './own-counts.ts';
import type { Room } from './room.ts';
import { Selection } from './selection.ts';
import { type StreamRequest, tokenLeftMs } from './stream-request.ts';
import type { Waiter } from './waiter.ts';
import { whoOf } from './who.ts';

const MAX_EVENTS = 500;

/** A stream's answer for clients that can't stream: at once if there is anything to say, else when there is. */
export async function poll(
  context: HubContext,
  room: Room,
  request: StreamRequest,
  waiter: Waiter,
  waitMs: number,
): Promise<PollAnswer> {
  const { core } = context;
  // A poll that outlived its token would deliver what its reader may no longer have.
  const deadline = performance.now() + Math.min(waitMs, tokenLeftMs(request.principal, core.clock.now()));
  const access = accessHash(request);
  await room.follower.start();
  const opening = await judge(core, room.follower, request, access);
  if (!opening.resumed) return anew(context, room, request, opening.reason);
  let at = opening.from;
  for (;;) {
    const found = await collect(context, room, request, at);
    if (found.needsState && found.events.length === 0) return anew(context, room, request, 'access');
    at = found.at;
    const left = deadline - performance.now();
    if (found.events.length > 0 || left <= 0 || waiter.ended) {
      return {
        ...whoOf(request),
        serverTime: isoTime(core.clock.now()),
        access,
        resumed: true,
        events: found.events,
        cursor: formatCursor(core.store.epoch, at),
      };
    }
    if (at.n >= room.follower.head.n) await waiter.next(left);
  }
}

async function anew(context: HubContext, room: Room, asked: StreamRequest, reason: StateReason): Promise<PollAnswer> {
  const { start, request } = await startAnew(context.core, room.follower, asked);
  const cursor = formatCursor(context.core.store.epoch, start.at);
  const who = { ...whoOf(request), serverTime: isoTime(context.core.clock.now()), access: accessHash(request) };
  const answer = { ...who, resumed: false, reason, events: [], cursor };
  return start.state === null ? answer : { ...answer, state: start.state as StateFrame };
}

interface Found {
  events: PollAnswer['events'];
  at: Position;
  /** It stopped before an entry that the reader can't follow without a state. */
  needsState: boolean;
}

async function collect(context: HubContext, room: Room, request: StreamRequest, from: Position): Promise<Found> {
  const selection = new Selection(request, context.core.clock.now());
  const events: PollAnswer['events'] = [];
  let at = from;
  let n = from.n;
  while (n < room.follower.head.n) {
    const page = await readMissed(context, room, request, n);
    for (const entry of page.entries) {
      if (selection.isTurn(entry)) return { events, at, needsState: true };
      const event = await shown(context, request, selection, entry);
      if (event === null) continue;
      events.push(event);
      at = entry.event;
      if (events.length === MAX_EVENTS) return { events, at, needsState: false };
    }
    n = page.upTo;
  }
  const { head } = room.follower;
  return { events, at: n === head.n ? head : at, needsState: false };
}

async function shown(context: HubContext, request: StreamRequest, selection: Selection, entry: LogEntry) {
  const channel = selection.channelOf(entry);
  if (channel === null) return null;
  const own = selection.needsOwnCounts(entry) ? await withOwnCounts(context.core, request, entry) : entry;
  const { artifactLinks } = context.core;
  const envelope = JSON.parse(envelopeJson(own.event, channel, selection.audience, artifactLinks)) as EventEnvelope;
  return { id: own.id, ...envelope };
}
