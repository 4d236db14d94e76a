import { isoTime, type LogEvent, type LogTopic } from '@belfry/core';
import type { EventRow } from './schema.ts';

/** Events looked at in one go: large ones are read only as far as they fit. */
export const CHUNK = 64;

export function toLogEvent(topic: LogTopic, row: EventRow): LogEvent {
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
