import type { EventEnvelope, InboxPage } from '@belfry/protocol';
import { applyEvent } from './events.ts';
import type { InboxState } from './state.ts';

/**
 * Adds an older page. It was read at some moment since it was asked for, and `since` holds the events that came
 * since then: they found none of its items here, so they are applied to them now. Twice does no harm. The counts
 * covered these items all along.
 */
export function appendPage(state: InboxState, page: InboxPage, since: readonly EventEnvelope[]): void {
  const { unread, unseen } = state;
  for (const item of page.items) if (!state.items.has(item.id)) state.items.set(item.id, item);
  for (const event of since) applyEvent(state, event);
  state.unread = unread;
  state.unseen = unseen;
  state.nextCursor = page.nextCursor;
}
