import { isoTime, type LogEvent } from '@belfry/core';
import type { EventRow } from './schema.ts';

/** Events looked at in one go: large ones are read only as far as they fit. */
export const CHUNK = 64;

export function toLogEvent(tenant: string, row: EventRow): LogEvent {
  return {
    tenant,
    n: row.n,
    check: row.check_value,
    type: row.type,
    time: isoTime(row.time),
    to: JSON.parse(row.recipients),
    data: row.data,
  };
}
