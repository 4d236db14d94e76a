import { isoTime, type LogEvent, type LogTopic } from '@belfry/core';
import { type RawBuilder, sql } from 'kysely';
import { dataSql } from './notification-data.ts';
import type { EventRow } from './schema.ts';

/** Events looked at in one go: large ones are read only as far as they fit. */
export const CHUNK = 64;

type Shown = Pick<EventRow, 'n' | 'check_value' | 'type' | 'time' | 'recipients' | 'data' | 'bytes'>;

/** What is shown of event `e`. */
export function eventColumns(): RawBuilder<Shown> {
  return sql`e.n, e.check_value, e.type, e.time, e.recipients, e.bytes, ${dataSql()} as data`;
}

export function toLogEvent(topic: LogTopic, row: Shown): LogEvent {
  return {
    ...topic,
    n: row.n,
    check: row.check_value,
    type: row.type,
    time: isoTime(row.time),
    to: JSON.parse(row.recipients),
    data: row.data,
  };
}
