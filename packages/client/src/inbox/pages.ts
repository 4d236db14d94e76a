import type { EventEnvelope, Notification } from '@belfry/protocol';
import { applyEvent } from './events.ts';
import { type InboxState, putItem } from './state.ts';

/**
 * Adds items that were asked for. They were read at some moment since then, and `since` holds the events that came
 * in between: those found none of these items here, so they are applied to them now. Twice does no harm. The counts
 * covered these items all along.
 */
export function addItems(state: InboxState, items: readonly Notification[], since: readonly EventEnvelope[]): void {
  const { unread, unseen, countedTo } = state;
  for (const item of items) if (!state.items.has(item.id)) putItem(state, item.id, item);
  for (const event of since) applyEvent(state, event, 0);
  Object.assign(state, { unread, unseen, countedTo });
}
