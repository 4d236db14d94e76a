import { askerOf, type Core } from '@belfry/core';
import { BelfryError, type Channel, type Grants, holds } from '@belfry/protocol';
import type { HubContext } from './context.ts';
import { LogEntry } from './log-entry.ts';
import type { Room } from './room.ts';
import { followed, type StreamRequest } from './stream-request.ts';

const PAGE_EVENTS = 500;
/** A page is held in memory for as long as its reader takes it, also when the ring has long moved on. */
const PAGE_BYTES = 1_048_576;

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
  const recent = follower.recent.after(after, Math.min(PAGE_EVENTS, upTo - after), PAGE_BYTES);
  if (recent !== null && recent.length > 0) {
    counts.pagesFromMemory += 1;
    return { entries: recent.filter(comesTo(grants)), upTo: (recent.at(-1) as LogEntry).n };
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

/** In a storm each of thousands looks through hundreds, of which next to none are theirs. */
function comesTo(grants: Grants): (entry: LogEntry) => boolean {
  if (grants.everything) return () => true;
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
