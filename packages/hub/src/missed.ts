import { askerOf, type Core } from '@belfry/core';
import { BelfryError, type Channel, firstHeld, type Grants, holds } from '@belfry/protocol';
import type { HubContext } from './context.ts';
import { LogEntry } from './log-entry.ts';
import type { RecentEntries } from './recent-entries.ts';
import type { Room } from './room.ts';
import { followed, type StreamRequest } from './stream-request.ts';

const PAGE_EVENTS = 500;
/** A page is held in memory for as long as its reader takes it, also when the ring has long moved on. */
const PAGE_BYTES = 1_048_576;
/** Of so many entries each is looked at: to know where those of a channel are takes memory, which a calm log can do without. */
const FEW = 32;
/** Up to so many channels are sooner looked through than made a set of. */
const FEW_CHANNELS = 8;

export interface MissedPage {
  /** In order: what comes by a channel that the reader follows. */
  entries: LogEntry[];
  /** Everything up to here has been looked at. */
  upTo: number;
}

/**
 * The next page of what a reader of these channels has missed up to a number: from memory where it is recent, else from
 * the store by channels.
 *
 * @throws BelfryError `unavailable` where it is no longer kept.
 */
export async function readMissed(
  { core, counts }: HubContext,
  { follower, log }: Room,
  request: Pick<StreamRequest, 'principal' | 'grants'>,
  after: number,
  upTo: number = follower.head.n,
): Promise<MissedPage> {
  const grants = followed(request);
  const recent = pageOf(follower.recent, grants, after, upTo);
  if (recent !== null) {
    counts.pagesFromMemory += 1;
    return recent;
  }
  counts.pagesFromStore += 1;
  const asker = askerOf(request.principal);
  const range = { log, after, upTo, grants, limit: PAGE_EVENTS, maxBytes: PAGE_BYTES, asker };
  const page = await core.store.read('readLog', range);
  await requireKept(core, log, after, asker);
  return {
    entries: page.events.map((event) => new LogEntry(core.store.epoch, event, core.artifactLinks)),
    upTo: page.upTo,
  };
}

/** All of it, where it is in memory and no more than a page; else null. */
export function missedInMemory(
  { follower }: Room,
  request: Pick<StreamRequest, 'principal' | 'grants'>,
  after: number,
  upTo: number,
): LogEntry[] | null {
  const page = pageOf(follower.recent, followed(request), after, upTo);
  return page?.upTo === upTo ? page.entries : null;
}

/** Null where memory does not reach back so far, or not yet so far ahead. */
function pageOf(recent: RecentEntries, grants: Grants, after: number, upTo: number): MissedPage | null {
  const few = upTo - after <= FEW;
  if (few || grants.everything || grants.prefixes.length > 0) return pageOfAll(recent, grants, after, upTo);
  const theirs = recent.sentTo(grants.exact, after, upTo);
  // A state may stand further on than what has been announced here.
  if (theirs === null) return pageOfAll(recent, grants, after, upTo);
  let bytes = 0;
  const end = theirs.findIndex((entry, index) => {
    const isFull = index === PAGE_EVENTS || bytes >= PAGE_BYTES;
    bytes += entry.bytes;
    return isFull;
  });
  if (end < 0) return { entries: theirs, upTo };
  return { entries: theirs.slice(0, end), upTo: (theirs[end - 1] as LogEntry).n };
}

/** For who holds more than can be looked up, and where that would not pay. */
function pageOfAll(recent: RecentEntries, grants: Grants, after: number, upTo: number): MissedPage | null {
  const page = recent.after(after, Math.min(PAGE_EVENTS, upTo - after), PAGE_BYTES);
  const last = page?.at(-1);
  if (page === null || last === undefined) return null;
  return { entries: page.filter(comesTo(grants)), upTo: last.n };
}

function comesTo(grants: Grants): (entry: LogEntry) => boolean {
  if (grants.everything) return () => true;
  if (grants.exact.length <= FEW_CHANNELS) return ({ event }) => firstHeld(grants, event.to) !== null;
  const exact = new Set(grants.exact);
  const isTheirs = (channel: Channel) => exact.has(channel) || (grants.prefixes.length > 0 && holds(grants, channel));
  return ({ event }) => event.to.some(isTheirs);
}

/** A paced replay takes as long as its reader, and retention may overtake it: better begun anew than with a gap. */
async function requireKept(core: Core, log: string, after: number, asker: string | null): Promise<void> {
  const { oldest } = await core.store.read('locate', { log, n: after, asker });
  if (after + 1 >= oldest) return;
  throw new BelfryError('unavailable', 'Some of what was missed has been deleted by age or size. Connect again.');
}
