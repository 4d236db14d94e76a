import { isoTime, type LogEvent, type LogTopic } from '@belfry/core';
import { type RawBuilder, sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { dataSql } from '../notifications/notification-data.ts';
import type { EventRow } from '../schema.ts';

/** Events looked at in one go: large ones are read only as far as they fit. */
export const CHUNK = 64;

/** `after`: only in a run's log. */
export type Shown = Pick<EventRow, 'n' | 'check_value' | 'type' | 'time' | 'recipients' | 'data' | 'bytes'> & {
  after?: number | null;
};

/** What is shown of event `e`. */
export function eventColumns(context: Pick<ReadContext, 'dialect'>, { tenant, run }: LogTopic): RawBuilder<Shown> {
  const columns = sql<Shown>`e.n, e.check_value, e.type, e.time, e.recipients, e.bytes, ${dataSql(context)} as data`;
  return run === undefined ? columns : sql`${columns}, ${headOfTenant(tenant)} as after`;
}

/** Where the log of its tenant ends now, which is no less than when the event was committed. */
function headOfTenant(tenant: string): RawBuilder<number | null> {
  return sql`(select h.n from events h where h.log = (select id from logs where tenant = ${tenant})
    order by h.n desc limit 1)`;
}

export function toLogEvent(topic: LogTopic, row: Shown): LogEvent {
  const event = eventIn(topic, row);
  return topic.run === undefined ? event : { ...event, after: row.after ?? 0 };
}

function eventIn(topic: LogTopic, row: Shown): LogEvent {
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
