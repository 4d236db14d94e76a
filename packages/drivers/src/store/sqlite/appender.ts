import { topicOf } from '@belfry/core';
import { type Appender, type NewEvent, type Newest, type Tail, tailOf } from '../sql/appender.ts';
import type { NotificationRow } from '../sql/schema.ts';
import type { SqliteDatabase } from './database.ts';

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
      for (const event of events) insert.event(event);
      for (const { item } of events) if (item !== null) insert.notification(item);
      for (const event of events) insert.channels(event);
    },
  };
}

function logOf(database: SqliteDatabase, tenant: string): number {
  const found = database.statement('select id from logs where tenant = ?').get(tenant);
  const row = found ?? database.statement('insert into logs (tenant) values (?) returning id').get(tenant);
  return (row as { id: number }).id;
}

function inserts(database: SqliteDatabase) {
  const event = database.statement('insert into events values (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const eventChannel = database.statement('insert into event_channels values (?, ?, ?)');
  const notification = database.statement('insert into notifications values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const addressed = database.statement('insert into addressed values (?, ?, ?)');
  return {
    event({ row: r }: NewEvent) {
      event.run(r.log, r.n, r.check_value, r.type, r.time, r.recipients, r.data, r.bytes, r.total_bytes);
    },
    notification(r: NotificationRow) {
      const filters = [r.type, r.severity, r.subject_kind, r.subject_id, r.created_at, r.expires_at];
      notification.run(r.log, r.n, r.id, ...filters, r.dedupe_key, r.recipients, r.content);
    },
    channels({ row: { log, n }, item, channels }: NewEvent) {
      const insert = item === null ? eventChannel : addressed;
      for (const channel of channels) insert.run(log, channel, n);
    },
  };
}
