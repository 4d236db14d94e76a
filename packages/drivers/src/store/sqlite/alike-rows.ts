import type { SQLInputValue } from 'node:sqlite';
import type { NewEvent } from '../sql/log/appender.ts';
import { OF_ITEM } from '../sql/notifications/notification-data.ts';
import type { EventRow, NotificationRow } from '../sql/schema.ts';
import type { SqliteDatabase } from './database.ts';
import { insertRows, TOGETHER } from './insert-rows.ts';

interface NewItem extends NewEvent {
  item: NotificationRow;
}

/**
 * Writes notifications that differ in nothing but their ids, whom they go to and what they say, as those of a batch do.
 * Then more than half of all columns have one value: to bind it for each row costs a third of what storing the row does.
 */
export function insertAlike(database: SqliteDatabase): (events: readonly NewItem[]) => void {
  const insertEvents = insertRows(database, 'events', 9, [0, 3, 4, 6]);
  const insertItems = insertRows(database, 'notifications', 12, [0, 3, 4, 5, 6, 7, 8, 9]);
  const insertAddressed = insertRows(database, 'addressed', 3, [0]);
  return (events) => {
    const [first] = events;
    if (first === undefined) return;
    const { row, item } = first;
    const about = [item.subject_kind, item.subject_id, item.created_at, item.expires_at, item.dedupe_key];
    insertEvents(eventValues(events), [row.log, row.type, row.time, row.data]);
    insertItems(itemValues(events), [row.log, item.type, item.severity, ...about]);
    insertAddressed(channelValues(events), [row.log]);
  };
}

/**
 * Whether they are, and enough of them: to bind by name costs a row by itself more than it saves. What an event itself
 * holds may be long, and has a table of its own then.
 */
export function areAlike(events: readonly NewEvent[]): events is readonly NewItem[] {
  const [first] = events;
  if (events.length < TOGETHER || first === undefined) return false;
  if (first.item === null || first.row.data !== OF_ITEM) return false;
  const { row, item } = first;
  return events.every((event) => event.item !== null && isLikeEvent(event.row, row) && isLikeItem(event.item, item));
}

function isLikeEvent(a: EventRow, b: EventRow): boolean {
  return a.log === b.log && a.type === b.type && a.time === b.time && a.data === b.data;
}

function isLikeItem(a: NotificationRow, b: NotificationRow): boolean {
  const isSameKind = a.type === b.type && a.severity === b.severity && a.created_at === b.created_at;
  const isSameSubject = a.subject_kind === b.subject_kind && a.subject_id === b.subject_id;
  return isSameKind && isSameSubject && a.expires_at === b.expires_at && a.dedupe_key === b.dedupe_key;
}

// Pushed and not joined: a list for each row would cost as much as its statement.

function eventValues(events: readonly NewItem[]): SQLInputValue[] {
  const values: SQLInputValue[] = [];
  for (const { row: r } of events) values.push(r.n, r.check_value, r.recipients, r.bytes, r.total_bytes);
  return values;
}

function itemValues(events: readonly NewItem[]): SQLInputValue[] {
  const values: SQLInputValue[] = [];
  for (const { item: r } of events) values.push(r.n, r.id, r.recipients, r.content);
  return values;
}

function channelValues(events: readonly NewItem[]): SQLInputValue[] {
  const values: SQLInputValue[] = [];
  for (const { row, channels } of events) for (const channel of channels) values.push(channel, row.n);
  return values;
}
