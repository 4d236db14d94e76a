import type { Core, LogEvent } from '@belfry/core';
import type { MarkChange } from '@belfry/protocol';
import { LogEntry } from './log-entry.ts';
import { personOf, readerFor, type StreamRequest } from './stream-request.ts';

/** A `notification.state` for a stream that carries only some types: with the counts of those. */
export async function withOwnCounts(core: Core, request: StreamRequest, entry: LogEntry): Promise<LogEntry> {
  const person = personOf(request.principal);
  if (person === null) return entry;
  const counts = await core.store.read('counts', { reader: readerFor(request, person, core.clock.now()) });
  const change = { ...(JSON.parse(entry.event.data) as MarkChange), ...counts };
  const event: LogEvent = { ...entry.event, data: JSON.stringify(change) };
  return new LogEntry(core.store.epoch, event);
}
