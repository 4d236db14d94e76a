import { LIMITS } from '@belfry/protocol';
import type { Logged } from '../log.ts';
import type { Span } from '../reading.ts';
import type { Viewer } from '../viewer.ts';
import { numberOf } from './check-span.ts';
import type { Fault } from './fault.ts';
import { Holding } from './holding.ts';

/** A `state` against what the log says stood in that inbox at its cursor. Nobody marks anything in these runs. */
export function checkState(
  log: readonly Logged[],
  viewer: Viewer,
  { from, state }: Pick<Span, 'from' | 'state'>,
  holding: Holding = new Holding(log, viewer),
): Fault[] {
  const inbox = inboxAt(log, numberOf(from), holding);
  const count = viewer.isService ? 0 : Math.min(inbox.length, LIMITS.countCap);
  const wrong =
    String(state.items) !== String(inbox.slice(0, LIMITS.page)) || state.unread !== count || state.unseen !== count;
  if (!wrong) return [];
  const what = `state at ${from} shows ${state.items.length} items, ${state.unread} unread, ${state.unseen} unseen; \
the log has ${inbox.length}`;
  return [{ kind: 'state', who: viewer.name, what }];
}

/** Ids, newest first, of all that is theirs at that number, whenever it was written. */
function inboxAt(log: readonly Logged[], at: number, holding: Holding): string[] {
  const withdrawn = new Set<string | null>();
  const items: string[] = [];
  for (const { type, notification, to } of log.slice(0, at).toReversed()) {
    if (type === 'notification.withdrawn') withdrawn.add(notification);
    const isKept = type === 'notification.created' && !withdrawn.has(notification);
    if (isKept && holding.channelAt(at, to) !== null) items.push(notification as string);
  }
  return items;
}
