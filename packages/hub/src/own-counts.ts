import { type Core, grantsHash, type LogEvent } from '@belfry/core';
import type { MarkChange } from '@belfry/protocol';
import { LogEntry } from './log-entry.ts';
import { personOf, readerFor, type StreamRequest } from './stream-request.ts';

/** A `notification.state` for a stream with other types or grants than it was counted for: with its own counts. */
export async function withOwnCounts(core: Core, request: StreamRequest, entry: LogEntry): Promise<LogEntry> {
  const person = personOf(request.principal);
  if (person === null) return entry;
  const counts = await core.store.read('counts', { reader: readerFor(request, person, core.clock.now()) });
  const change = { ...(JSON.parse(entry.event.data) as MarkChange), ...counts, countedFor: grantsHash(request.grants) };
  const event: LogEvent = { ...entry.event, data: JSON.stringify(change) };
  return new LogEntry(core.store.epoch, event);
}
