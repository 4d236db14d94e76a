import type { EventData, EventEnvelope, MarkChange, Notification } from '@belfry/protocol';
import { applyMarking } from './marking.ts';
import { type InboxState, numberIn, putItem, replaceItem } from './state.ts';

type Apply<Type extends keyof EventData> = (state: InboxState, data: EventData[Type]) => void;

/**
 * Changes `state` by one event of the log, `n` being its number. Where the counts already stand further on, they stay:
 * the event is in them. False: the event is none of the inbox's.
 */
export function applyEvent(state: InboxState, { type, data }: EventEnvelope, n: number): boolean {
  if (!Object.hasOwn(APPLY, type)) return false;
  const { unread, unseen, countedTo } = state;
  (APPLY as Record<string, (state: InboxState, data: unknown) => void>)[type]?.(state, data);
  if (n <= countedTo && type !== 'notification.state') Object.assign(state, { unread, unseen });
  return true;
}

const created: Apply<'notification.created'> = (state, { notification }) => {
  // A list that was asked for may have been faster: then it is as it is there, and only the counts lack it.
  const early = state.items.get(notification.id);
  putItem(state, notification.id, null);
  // To a service the marks are not sent.
  const item = { seenAt: null, readAt: null, archivedAt: null, ...notification } as Notification;
  replaceItem(state, item.id, early ?? item);
};

/** An edit says what the sender wrote; what this person did with it, and where they have it from, stays. */
const updated: Apply<'notification.updated'> = (state, { notification }) => {
  const item = state.items.get(notification.id);
  if (item === undefined) return;
  const { channel, seenAt, readAt, archivedAt } = item;
  putItem(state, item.id, { ...item, ...notification, channel, seenAt, readAt, archivedAt });
};

const withdrawn: Apply<'notification.withdrawn'> = (state, { id }) => replaceItem(state, id, null);

/** The counts are the server's own, so whatever was reckoned here ends with them. They may be of a later moment. */
const stateChanged: Apply<'notification.state'> = (state, change) => {
  applyMarking(state, { ...targetOf(change), mark: change.mark, at: change.at });
  state.unread = change.unread;
  state.unseen = change.unseen;
  state.countedTo = numberIn(change.countsAt ?? '');
};

function targetOf({ ids, upTo, types }: MarkChange): {
  ids: string[];
  upTo: number | null;
  types: string[] | undefined;
} {
  return { ids, types, upTo: upTo === undefined ? null : numberIn(upTo) };
}

const APPLY = {
  'notification.created': created,
  'notification.updated': updated,
  'notification.withdrawn': withdrawn,
  'notification.state': stateChanged,
};
