import type { Core } from '@belfry/core';
import type { Grants } from '@belfry/protocol';
import { LogEntry } from './log-entry.ts';
import type { LogFollower } from './log-follower.ts';

const PAGE_EVENTS = 500;
const PAGE_BYTES = 1_048_576;

export interface MissedPage {
  /** In order. From memory they are not yet chosen by channel. */
  entries: LogEntry[];
  /** Everything up to here has been looked at. */
  upTo: number;
}

/** The next page of what a reader has missed: from memory where it is recent, else from the store by channels. */
export async function readMissed(
  core: Core,
  follower: LogFollower,
  tenant: string,
  grants: Grants,
  after: number,
): Promise<MissedPage> {
  const recent = follower.recent.after(after, PAGE_EVENTS);
  if (recent !== null && recent.length > 0) return { entries: recent, upTo: (recent.at(-1) as LogEntry).n };
  const upTo = follower.head.n;
  const range = { tenant, after, upTo, grants, limit: PAGE_EVENTS, maxBytes: PAGE_BYTES };
  const page = await core.store.read('readLog', range);
  return { entries: page.events.map((event) => new LogEntry(core.store.epoch, event)), upTo: page.upTo };
}
