import type { InboxQuery, Reader, StateParts } from '@belfry/core';
import type { InboxPage } from '@belfry/protocol';
import type { ReadContext } from '../context.ts';
import { personSource } from '../inbox/candidates.ts';
import { countItems } from '../inbox/counts.ts';
import { topOf } from '../inbox/floor.ts';
import { NO_ITEMS, pageFor } from '../inbox/inbox.ts';
import { type InboxOf, inboxesOf } from '../inbox/inbox-of.ts';
import { type SharedPage, sharedPages } from '../inbox/shared-pages.ts';

/** Who holds more would be too much for one read, and is looked up for themselves, at several times the cost. */
const MAX_CHANNELS = 128;

interface Asked {
  reader: Reader;
  limit: number;
  parts: StateParts;
}

/** The newest page of each of many inboxes, in their order; empty where that part is not asked for. */
export async function firstPages(context: ReadContext, log: number, asked: readonly Asked[]): Promise<InboxPage[]> {
  const wanted = asked.filter(({ parts }) => parts.notifications);
  const pages = new Map<Asked, InboxPage>();
  for (const [limit, alike] of Map.groupBy(wanted, (one) => one.limit)) {
    const inboxes = await inboxesOf(
      context,
      log,
      alike.map(({ reader }) => reader),
    );
    const shared = await sharedPages(context, log, inboxes.filter(isPlain), limit);
    for (const [index, inbox] of inboxes.entries()) {
      pages.set(alike[index] as Asked, await pageOf(context, inbox, limit, shared.get(inbox)));
    }
  }
  return asked.map((one) => pages.get(one) ?? NO_ITEMS);
}

/** Channels by name, and nothing archived by a watermark, below which single items may have been marked back. */
function isPlain({ viewer: { grants }, marks }: InboxOf): boolean {
  if (grants.everything || grants.prefixes.length > 0 || grants.exact.length > MAX_CHANNELS) return false;
  return topOf(marks.floor(['archived'], grants.exact)) === 0;
}

async function pageOf(
  context: ReadContext,
  inbox: InboxOf,
  limit: number,
  shared: SharedPage | undefined,
): Promise<InboxPage> {
  const query: InboxQuery = { filter: 'all', before: null, limit };
  if (shared === undefined) return pageFor(context, inbox, query);
  const { items, counts, nextCursor } = shared;
  if (counts !== null) return { items, ...counts, nextCursor };
  const { reader, viewer, marks } = inbox;
  const source = await personSource(context, viewer);
  return { items, ...(await countItems(context, source, marks, reader)), nextCursor };
}
