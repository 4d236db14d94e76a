import type { SQLInputValue } from 'node:sqlite';
import { topicOf } from '@belfry/core';
import { type Appender, type NewEvent, type Newest, type Tail, tailOf } from '../sql/log/appender.ts';
import { dataInRow, isLong } from '../sql/log/long-data.ts';
import { areAlike, insertAlike } from './alike-rows.ts';
import type { SqliteDatabase } from './database.ts';
import { insertRows } from './insert-rows.ts';
import { keptResults } from './kept-results.ts';

/** The append path as prepared statements. The writer is alone in its transaction, so a tail needs no lock. */
export function sqliteAppender(database: SqliteDatabase): Appender {
  const insert = inserts(database);
  const newest = database.statement(
    'select n, check_value, time, total_bytes from events where log = ? order by n desc limit 1',
  );
  const endOf = (name: string): Tail => {
    const log = logOf(database, name);
    return tailOf(log, newest.get(log) as Newest | undefined);
  };
  return {
    async tail(name): Promise<Tail> {
      const { tenant, run } = topicOf(name);
      return run === undefined ? endOf(name) : { ...endOf(name), after: endOf(tenant).n };
    },
    async write(events) {
      if (areAlike(events)) return insert.alike(events);
      insert.events(eventValues(events));
      insert.eventTexts(textValues(events));
      insert.notifications(itemValues(events));
      insert.eventChannels(channelValues(events.filter(({ item }) => item === null)));
      insert.addressed(channelValues(events.filter(({ item }) => item !== null)));
    },
    results: keptResults(database),
  };
}

function logOf(database: SqliteDatabase, tenant: string): number {
  const found = database.statement('select id from logs where tenant = ?').get(tenant);
  const row = found ?? database.statement('insert into logs (tenant) values (?) returning id').get(tenant);
  return (row as { id: number }).id;
}

function inserts(database: SqliteDatabase) {
  return {
    alike: insertAlike(database),
    events: insertRows(database, 'events', 9),
    eventTexts: insertRows(database, 'event_texts', 3),
    eventChannels: insertRows(database, 'event_channels', 3),
    notifications: insertRows(database, 'notifications', 12),
    addressed: insertRows(database, 'addressed', 3),
  };
}

// Pushed and not joined: a list for each row would cost as much as its statement.

function eventValues(events: readonly NewEvent[]): SQLInputValue[] {
  const values: SQLInputValue[] = [];
  for (const { row: r } of events) {
    values.push(r.log, r.n, r.check_value, r.type, r.time, r.recipients, dataInRow(r.data), r.bytes, r.total_bytes);
  }
  return values;
}

function textValues(events: readonly NewEvent[]): SQLInputValue[] {
  const values: SQLInputValue[] = [];
  for (const { row: r } of events) if (isLong(r.data)) values.push(r.log, r.n, r.data);
  return values;
}

function itemValues(events: readonly NewEvent[]): SQLInputValue[] {
  const values: SQLInputValue[] = [];
  for (const { item: r } of events) {
    if (r === null) continue;
    values.push(r.log, r.n, r.id, r.type, r.severity, r.subject_kind, r.subject_id, r.created_at, r.expires_at);
    values.push(r.dedupe_key, r.recipients, r.content);
  }
  return values;
}

function channelValues(events: readonly NewEvent[]): SQLInputValue[] {
  const values: SQLInputValue[] = [];
  for (const { row, channels } of events) for (const channel of channels) values.push(row.log, channel, row.n);
  return values;
}
